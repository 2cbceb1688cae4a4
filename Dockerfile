# The same image serves the site and runs the worker: see compose.yaml.
FROM python:3.12-slim
# Two arenas: the index writer otherwise leaves 60 MB more to each process.
ENV MALLOC_ARENA_MAX=2 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=annuaire.settings
RUN useradd --create-home annuaire && mkdir -p /var/lib/annuaire && chown annuaire /var/lib/annuaire
WORKDIR /srv/annuaire
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
ENV MEDIA_ROOT=/var/lib/annuaire/media INDEX_DIR=/var/lib/annuaire/index STATIC_ROOT=/srv/annuaire/static
# Static files are named by their content: made once, in the image. The key is not kept.
RUN SECRET_KEY=construction ALLOWED_HOSTS=construction python manage.py collectstatic --noinput -v 0
USER annuaire
EXPOSE 8000
CMD ["gunicorn", "annuaire.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4"]
