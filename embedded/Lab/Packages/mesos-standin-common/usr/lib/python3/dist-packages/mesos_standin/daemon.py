"""What all daemons share: where they log, and ending with a reason."""

import logging
import os
import sys

from . import BANNER

LOG = logging.getLogger(__name__)


def start_logging(name, log_dir=None):
    """Logs to stderr (the wrapper sends that to syslog) and, where log_dir is set, to NAME.INFO there."""
    handlers = [logging.StreamHandler(sys.stderr)]
    if log_dir:
        os.makedirs(log_dir, exist_ok=True)
        handlers.append(logging.FileHandler(os.path.join(log_dir, f"{name}.INFO")))
    logging.basicConfig(level=logging.INFO, format="%(levelname).1s%(asctime)s %(name)s] %(message)s",
                        handlers=handlers)
    logging.getLogger("kazoo").setLevel(logging.ERROR)
    LOG.info(BANNER)


def die(message, code=1):
    """Ends the daemon at once from any thread, as the real ones do; the unit starts it again."""
    LOG.error("%s", message)
    logging.shutdown()
    sys.stderr.flush()
    os._exit(code)
