# Two images: `portal` (web, worker, beat), and `outside`, the stand-in for bank, SMS and mail.

FROM python:3.13-slim AS portal
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# What WeasyPrint draws with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
# A new volume takes its owner from the folder that it covers.
RUN useradd --uid 1000 --create-home portal \
    && install -d -o portal -g portal /data /data/keys
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
ENV DATA_DIR=/data STATIC_ROOT=/srv/static
# The key signs nothing here; the settings only want one.
RUN SECRET_KEY=build python manage.py collectstatic --no-input
USER portal
EXPOSE 8000
CMD ["gunicorn", "perkeso.wsgi", "--config", "python:perkeso.web_server", "--bind", "0.0.0.0:8000"]

FROM portal AS outside
USER root
RUN pip install --no-cache-dir --require-hashes -r sandbox/requirements.txt
USER portal
CMD ["python", "-m", "sandbox"]
