"""Every word of a page in the language spoken: those of its document, and those that its script needs."""

from collections.abc import Mapping

from ledger.reports.deadline_words import of_all_kinds
from ledger.reports.language import text


def words() -> dict[str, str]:
    """Messages of the script, by the names it knows them by; values stand in braces."""
    return {**_sentences(), **_headings(), **_kinds(), **_entries()}


def document_words() -> dict[str, str]:
    """Words of the document itself, by the names of its template."""
    return {
        "over": text("Stock acquisition rights"),
        "skip": text("Skip to the answers"),
        "sections": text("On this page"),
        "day_and_search": text("Day and search"),
        "as_of": text("As of"),
        "as_of_slider": text("Day, to slide through the life of the ledger"),
        "previous": text("Previous change"),
        "next": text("Next change"),
        "today": text("Today"),
        "until_now": text("Until now"),
        "whole_life": text("Whole life"),
        "span": text("Span of the slider and of the chart"),
        "search": text("Search by holder"),
        "no_script": text("This page needs its script to look up a day. `rights holdings` prints the same answers."),
        **_sections(),
    }


def _sections() -> dict[str, str]:
    return {
        "rights_title": text("Outstanding rights"),
        "rights_lead": text(
            "By series, each to its own height. A dashed line is a split, a consolidation or a restructuring."
        ),
        "series_title": text("Series"),
        "terms_title": text("Terms"),
        "holdings_title": text("Holdings"),
        "only_outstanding": text("Only with rights outstanding"),
        "eligibility_title": text("Who may exercise"),
        "windows_title": text("Exercise windows"),
        "windows_lead": text("Around the chosen day. An arrow means that the window goes on."),
        "deadlines_title": text("Deadlines"),
        "exercises_title": text("Exercises"),
        "entries_title": text("Entries"),
        "entries_lead": text("Every entry as it was recorded, whatever the chosen day. Times are Japan's."),
        "proof_title": text("What this page rests on"),
    }


def _sentences() -> dict[str, str]:
    return {
        "title": text("Ledger {ledger} at version {version}"),
        "made": text("made {day}"),
        "as_of_day": text("As of {day}"),
        "summary": text("As of {day}: {rights} rights outstanding for {shares} shares, {open} may be exercised."),
        "summary_apart": text("As of {day}: {companies}."),
        "summary_of": text("{company}: {rights} rights for {shares} shares ({open} may be exercised)"),
        "comma": text(", "),
        "dissolved": text("{company} (dissolved {day})"),
        "restructured": text("restructured"),
        "of_series": text("{title}, {day}"),
        "rights_outstanding": text("Rights outstanding"),
        "shares_for_them": text("Shares for them"),
        "holders_with_rights": text("Holders with rights"),
        "may_be_exercised": text("May be exercised"),
        "exercised_so_far": text("Exercised"),
        "of_company": text("{company}: {count}"),
        "on_this_day": text("On this day"),
        "by_itself": text("No entry takes effect on this day: what changes follows from the terms and the calendar."),
        "no_change": text("Nothing changes on this day. The last change before it was on {day}."),
        "before_all": text("No series has been issued by this day."),
        "lapse_of": text("{rights} rights of {holder} lapse (series {series})"),
        "opens_for": text("the window of {holder} opens for {rights} rights (series {series})"),
        "closed_for": text("the window of {holder} has closed (series {series})"),
        "nothing": text("None on this day."),
        "nothing_found": text("None for this search."),
        "show_all": text("Show all {count}"),
        "shown_of": text("{shown} of {count} are shown."),
        "found": text("{count} holders found"),
        "today": text("Today"),
        "no_windows": text("No window is open or ahead on this day."),
        "windows_of": text("Windows of {count} holdings from {first} to {last}"),
        "chart_of": text("Outstanding rights of {count} series from {first} to {last}"),
        "most": text("most: {count}"),
        "entries_held": text("{count} entries, root {root}"),
        "heir_of": text("{holder} (heir of {giver})"),
        "from_giver": text("{holder} (from {giver})"),
        "total": text("total"),
        "yes": text("yes"),
        "retracted_by": text("retracted by {version}"),
        "not_yet": text("not yet"),
        "no_entries": text("The ledger has no entries yet."),
        "window_known": text("{from} to {until}"),
        "split": text("split"),
        "consolidation": text("consolidation"),
    }


def _headings() -> dict[str, str]:
    """Of the columns, as the tables of the command line have them."""
    return {
        f"column_{name}": said
        for name, said in {
            "series": text("series"),
            "holder": text("holder"),
            "maximum": text("maximum"),
            "allotted": text("allotted"),
            "received": text("received"),
            "outstanding": text("outstanding"),
            "exercised": text("exercised"),
            "lapsed": text("lapsed"),
            "waived": text("waived"),
            "acquired": text("acquired"),
            "extinguished": text("extinguished"),
            "replaced": text("replaced"),
            "passed_on": text("passed on"),
            "per_right": text("per right"),
            "shares": text("shares"),
            "company": text("company"),
            "exercise_price": text("exercise price"),
            "price_per_share": text("price per share"),
            "price_per_right": text("price per right"),
            "from": text("from"),
            "until": text("until"),
            "replaces": text("replaces"),
            "replaced_by": text("replaced by"),
            "rights": text("rights"),
            "payment": text("payment"),
            "may_exercise": text("may exercise"),
            "day": text("day"),
            "days_left": text("days left"),
            "what": text("what"),
            "version": text("version"),
            "on": text("on"),
            "shares_still_due": text("shares still due"),
            "capital": text("capital"),
            "reserve": text("reserve"),
            "recorded": text("recorded (JST)"),
            "actor": text("actor (claimed)"),
            "type": text("type"),
            "about": text("about"),
            "source": text("source"),
            "note": text("note"),
        }.items()
    }


def _kinds() -> dict[str, str]:
    """What deadlines are, and why somebody may not exercise."""
    known: Mapping[str, str] = {
        **{f"kind_{kind}": said for kind, said in of_all_kinds().items()},
        "reason_in-office": text("no: in office"),
        "reason_awaiting-heir": text("no: awaiting heir"),
        "reason_not-yet-open": text("no: not yet open"),
    }
    return dict(known)


def _entries() -> dict[str, str]:
    """The kinds of entry."""
    return {
        f"type_{name}": said
        for name, said in {
            "company": text("company"),
            "issue": text("issue"),
            "pricing": text("pricing"),
            "allotment": text("allotment"),
            "appointment": text("appointment"),
            "departure": text("departure"),
            "death": text("death"),
            "inheritance": text("inheritance"),
            "exercise": text("exercise"),
            "waiver": text("waiver"),
            "transfer": text("transfer"),
            "split": text("split"),
            "consolidation": text("consolidation"),
            "adjustment": text("adjustment"),
            "acquisition": text("acquisition"),
            "cancellation": text("cancellation"),
            "restructuring": text("restructuring"),
            "retraction": text("retraction"),
        }.items()
    }
