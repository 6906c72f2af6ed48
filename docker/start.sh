#!/bin/bash
# Installs every addon of the project that is not installed yet, then serves.
set -euo pipefail

database=${RECOUVREMENT_DB:-recouvrement}
addons=/mnt/extra-addons
done_file=/var/lib/odoo/recouvrement-installed-$database

modules=$(cd "$addons" && for manifest in */__manifest__.py; do dirname "$manifest"; done)
modules=$(echo "$modules" | paste -sd, -)

if [ "$(cat "$done_file" 2>/dev/null || true)" != "$modules" ]; then
    echo "recouvrement: installing $modules in the database $database"
    /entrypoint.sh odoo --database="$database" --init="$modules,l10n_fr_account" \
        --load-language=fr_FR ${RECOUVREMENT_DEMO:+--with-demo} \
        --stop-after-init --no-http
    echo "$modules" >"$done_file"
fi

exec /entrypoint.sh odoo --database="$database" --db-filter="^$database\$"
