# Prints what differs between this host and its description, and changes nothing. It takes what configuration.sh takes. `./mesos-stack status` runs it.
# shellcheck shell=bash source-path=SCRIPTDIR source=configuration.sh
# configuration.sh reads compare.
# shellcheck disable=SC2034
compare=yes
. ./configuration.sh
