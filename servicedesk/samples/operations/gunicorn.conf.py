"""gunicorn's settings: /etc/servicedesk/gunicorn.conf.py. One worker a core is a good start."""

bind = "127.0.0.1:8000"
workers = 2
worker_class = "gthread"
threads = 8
# Made once, before the workers part: what they do not change, they share.
preload_app = True
graceful_timeout = 10
timeout = 60
worker_tmp_dir = "/dev/shm"
control_socket_disable = True
# Each request is a line of our own log, without addresses of people or pages.
accesslog = None
logger_class = "servicedesk.watch.gunicorn.Logger"
