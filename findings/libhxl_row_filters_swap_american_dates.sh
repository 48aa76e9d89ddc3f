#!/usr/bin/env bash
# libhxl 5.2.2: row filters read each date with the day first if they can, in a column that has the month first.
#
# Expected: with_rows("#date > 2019-06-01") selects the same rows before and after clean_data(date="#date"), which looks
# at the whole column and finds from 2/13/2019 that the month comes first.
# Seen: in a column of 1/12, 2/11, 2/13 and 3/25/2019, all of them January to March, the filter selects the first two (as
# 1 December and 2 November) and reads the others right. After clean_data it selects none. Nothing is said.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check libhxl==5.2.2 six==1.17.0
"$place/venv/bin/python" -W ignore - <<'PYTHON'
import hxl


def data():
    rows = [["Killed", "Date"], ["#affected+killed", "#date"]]
    return hxl.data(rows + [["1", text] for text in ("1/12/2019", "2/11/2019", "2/13/2019", "3/25/2019")])


query = "#date > 2019-06-01"
print("libhxl 5.2.2")
cleaned = [row.values[1] for row in data().clean_data(date="#date")]
print(f"clean_data reads {cleaned}")
before = [row.values[1] for row in data().with_rows(query)]
print(f"{query}: {before}")
after = [row.values[1] for row in data().clean_data(date="#date").with_rows(query)]
print(f"{query}, after clean_data: {after}")
same = cleaned[0] == "2019-01-12" and before == ["1/12/2019", "2/11/2019"] and after == []
print("as described" if same else "the behaviour has changed")
raise SystemExit(0 if same else 1)
PYTHON
