# `portal` is what serves (web, workers, clock): none of the development code. `proxy` stands before
# it. `development` and `outside`, the stand-in for bank, SMS and mail, are for docker-compose.yml.

FROM python:3.13-slim AS portal
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# What WeasyPrint draws with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
# A new volume takes its owner from the folder that it covers.
RUN useradd --uid 1000 --create-home portal \
    && install -d -o portal -g portal /data /data/keys /data/settlement
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY manage.py ./
COPY perkeso perkeso
COPY staff staff
COPY payments payments
COPY receipts receipts
COPY contributions contributions
COPY registration registration
COPY accounts accounts
COPY foundation foundation
COPY templates templates
COPY static static
ENV DATA_DIR=/data STATIC_ROOT=/srv/static
# The key signs nothing here; the settings only want one.
RUN SECRET_KEY=build python manage.py collectstatic --no-input \
    && SECRET_KEY=build python manage.py write_error_pages /srv/pages
USER portal
EXPOSE 8000
CMD ["gunicorn", "perkeso.wsgi", "--config", "python:perkeso.web_server", "--bind", "0.0.0.0:8000"]

FROM nginx:1.28 AS proxy
COPY deploy/proxy/nginx.conf deploy/proxy/portal.conf deploy/proxy/locations.conf /etc/nginx/
COPY --from=portal /srv/pages /srv/pages
USER nginx
EXPOSE 8080 8443

FROM portal AS development
COPY development development

FROM development AS outside
USER root
COPY sandbox sandbox
RUN pip install --no-cache-dir --require-hashes -r sandbox/requirements.txt
USER portal
CMD ["python", "-m", "sandbox"]
