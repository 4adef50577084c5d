"""What is counted of all articles found."""

from __future__ import annotations

from typing import Any

from articles.fields import seen_in
from indexing.index.dates import by_calendar

#: Behind a facet's name: how many values there are in all.
VALUES = ".values"
FACETS: dict[str, Any] = {
    **{field.name: {"terms": {"field": field.name, "size": 10}} for field in seen_in("facets")},
    **{
        f"{field.name}{VALUES}": {"cardinality": {"field": field.name}}
        for field in seen_in("facets")
    },
    "month": {
        # An article known only by its year belongs to no month.
        "filter": {"bool": {"must_not": {"term": {"published_precision": "year"}}}},
        "aggs": {
            "month": {
                "date_histogram": by_calendar("month", min_doc_count=1, order={"_key": "desc"})
            }
        },
    },
}
