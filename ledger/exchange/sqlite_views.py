"""Readable views of the exported SQLite file: what people ask first, without knowing the tables."""

from typing import Final

VIEWS: Final = (
    """
    CREATE VIEW outstanding AS
    SELECT h.series, s.name AS series_name, h.holder, h.inherited_from, h.transferred_from,
           h.outstanding AS rights, h.shares_per_right, h.shares, s.exercise_price, s.exercise_from, s.exercise_until
    FROM holdings AS h JOIN series AS s ON s.series = h.series
    WHERE h.outstanding > 0
    ORDER BY h.series, h.holder, h.inherited_from, h.transferred_from
    """,
    """
    CREATE VIEW may_exercise AS
    SELECT series, holder, inherited_from, transferred_from, rights, shares, payment, "from", until
    FROM eligibility WHERE eligible = 1
    ORDER BY until, series, holder
    """,
    """
    CREATE VIEW by_holder AS
    SELECT holder, count(*) AS holdings, sum(outstanding) AS rights, sum(shares) AS shares
    FROM holdings GROUP BY holder ORDER BY holder
    """,
    """
    CREATE VIEW timeline AS
    SELECT effective_on, version, type, about, source, note, recorded_at, actor
    FROM entries WHERE retracted_by IS NULL AND type <> 'retraction'
    ORDER BY effective_on, version
    """,
    """
    CREATE VIEW capital_by_month AS
    SELECT substr("on", 1, 7) AS month, series, count(*) AS exercises, sum(rights) AS rights, sum(shares) AS shares,
           sum(payment) AS payment, sum(capital) AS capital, sum(capital_reserve) AS capital_reserve
    FROM exercises GROUP BY month, series ORDER BY month, series
    """,
)
