# Prints what each member of the cluster is and what is wrong with it, and waits for nothing. It takes what readiness.sh takes. `./mesos-stack status` runs it.
# shellcheck shell=bash source-path=SCRIPTDIR source=readiness.sh
# readiness.sh reads report.
# shellcheck disable=SC2034
report=yes
. ./readiness.sh
