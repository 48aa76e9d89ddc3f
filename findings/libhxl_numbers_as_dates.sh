#!/usr/bin/env bash
# libhxl 5.2.2: a number in a #date column is taken for time since 1970, which no spreadsheet and no data set counts.
#
# Expected: 43528, which is 4 March 2019 in every spreadsheet, is read as that day or refused; 201903, the month of many
# statistical offices, is read as March 2019 or refused.
# Seen: is_date is true for both; normalise_date makes 2089-03-04 of the first (days since 1970) and 1970-01-03 of the
# second (seconds since 1970). clean_data(date=...) writes them into the table without a word.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check libhxl==5.2.2 six==1.17.0
"$place/venv/bin/python" -W ignore - <<'PYTHON'
import hxl
from hxl import datatypes

rows = [["Killed", "Date"], ["#affected+killed", "#date"], ["1", "43528"], ["1", "201903"], ["1", "2019-03"]]
read = [row.values[1] for row in hxl.data(rows).clean_data(date="#date")]
print("libhxl 5.2.2")
for (_, text), date in zip(rows[2:], read, strict=True):
    print(f"{text:>8}: is_date {datatypes.is_date(text)}, is read as {date}")
same = read == ["2089-03-04", "1970-01-03", "2019-03"] and all(map(datatypes.is_date, ("43528", "201903")))
print("as described" if same else "the behaviour has changed")
raise SystemExit(0 if same else 1)
PYTHON
