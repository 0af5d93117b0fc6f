"""What the screen says of an instrument, in sentences."""

from datetime import tzinfo

from console.forms.library import Form, installed
from console.queries.instruments import Listed, Preview


def version_words(version: str) -> str:
    """``version 2``, or that it has no number."""
    return f"version {version}" if version else "no version number"


def list_words(listed: Listed) -> str:
    """The two lines of the list: what it is called, and what is so of it."""
    source = "imported" if listed.imported else "shipped"
    state = "not offered" if listed.standing else "offered"
    trained = f"{len(listed.trained)} trained" if listed.trained_only else ""
    return f"{listed.title}\n" + " · ".join(
        part for part in (state, source, version_words(listed.version), trained) if part
    )


def facts_of(listed: Listed, zone: tzinfo) -> str:
    """Where it comes from: a line, its day that of the center."""
    if not listed.imported:
        return f"Comes with the program · {version_words(listed.version)} · {listed.name}"
    came = listed.versions[-1].at.astimezone(zone)
    before = len(listed.versions) - 1
    older = (
        f" · {before} older {'versions' if before > 1 else 'version'} kept for what was begun before" if before else ""
    )
    came_in = f"Imported by {listed.brought_by} on {came:%Y-%m-%d}"
    return f"{came_in} · {version_words(listed.version)} · {listed.name}{older}"


def permission_words(listed: Listed, zone: tzinfo) -> str:
    """What is on record of a permission, or whether one is needed."""
    found = listed.permission
    if found is None and listed.needs.permission:
        return "No permission is recorded, and it needs one."
    if found is None:
        return "It needs no permission record."
    of = f", for version {found.version}" if found.version else ""
    until = f", until {found.until}" if found.until else ""
    return (
        f"Permitted by {found.given_by} on {found.given_on}{of}{until}. Document: {found.document}. "
        f"Recorded by {listed.permission_by} on {found.at.astimezone(zone):%Y-%m-%d}."
    )


def preview_words(preview: Preview) -> str:
    """What importing it would do: a line."""
    form = preview.package.form
    what = f"{version_words(form.questionnaire.version)} · {len(form.questionnaire.by_id)} items · as {preview.name}"
    if preview.same:
        return f"{what}. It is here already, in this very version."
    if preview.replaces is not None:
        older = version_words(preview.replaces.version)
        return f"{what}. It takes the place of {older}; what was begun with that goes on with it."
    return f"{what}. It is new here."


def reworded_words(preview: Preview) -> str:
    """Where its words are not the published ones of what scores it, or that nobody could compare them."""
    form = preview.package.form
    bound = form.bound
    if bound is None or not bound.links or form.questionnaire.sha256 == bound.instrument.questionnaire_sha256:
        return ""
    if bound.reworded:
        places = [f"{each.where}: published “{each.published}”, here “{each.here}”" for each in bound.reworded]
        return "\n".join(("Other words than the published ones:", *places))
    if bound.instrument.name in installed().keys:
        return "The published words do not come with the program. Compare them yourself: if yours differ, say so."
    return ""


def validity_words(form: Form) -> str:
    """For whom, where and how it is meant, as far as its description says."""
    if form.bound is None:
        return ""
    told = form.bound.instrument.validity
    return " · ".join(part for part in (told.setting, told.ages, told.phone, told.recall) if part)
