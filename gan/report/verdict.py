"""The verdict of a report card: findings on measures that are graded worse than real pictures'.

Grades come from `Measure.level` alone, which the rows of the card show too. Every measure belongs to one check,
whose finding has the worst grade of its measures, and a finding is left out only where one at least as serious
explains it: so the headline is as good or bad as the worst row.
"""

from typing import TYPE_CHECKING

from gan.report.card import Finding, Verdict
from gan.report.grading import FAIR, GOOD, HALF, POOR, Measure

if TYPE_CHECKING:
    from gan.report.card import Card

MAX_NAMED = 4


# Kinds of findings that a fault of another kind explains: they would only say it again. Repeated or blurred
# pictures cannot cover the real ones, and a classifier fitted to real pictures is unreliable on blurred ones.
_OF_BLUR = ("classes", "variety", "typical", "sparse")
EXPLAINS = {"repeats": ("variety",), "blur": _OF_BLUR, "grain": _OF_BLUR}
# Kinds that any finding as serious explains.
REST = {"sparse": ("unreal",), "distance": None}


def verdict_on(card: "Card") -> Verdict:
    checks = (_copies, _repeats, _classes, _sharpness, _realism, _variety, _density, _distance)
    found = [finding for check in checks if (finding := check(card)).level != GOOD]
    findings = [finding for finding in found if not any(_explains(other, finding) for other in found)]
    findings.sort(key=lambda finding: finding.level != POOR)
    # Random features respond to colours and textures; only a classifier's tell what a picture shows.
    semantic = "frechet" in card.measures
    return Verdict(_headline(findings, semantic), _good(card, semantic), tuple(findings))


def _explains(one: Finding, other: Finding) -> bool:
    """Whether `other` need not be said beside `one`, which is at least as serious."""
    if one.kind == other.kind:
        return False
    if one.level == POOR and other.kind in EXPLAINS.get(one.kind, ()):
        return True
    if other.kind not in REST or (one.level, other.level) == (FAIR, POOR):
        return False
    return REST[other.kind] is None or one.kind in REST[other.kind]


def _headline(findings: list[Finding], semantic: bool) -> str:
    faults = [finding.title.lower() for finding in findings if finding.level == POOR]
    weak = [finding.title.lower() for finding in findings if finding.level == FAIR]
    if faults:
        rest = f" Besides: {_listed(weak)}." if weak else ""
        return f"Something is clearly wrong: {_listed(faults)}.{rest}"
    if weak:
        return f"A sound model with {'weaknesses' if len(weak) > 1 else 'a weakness'}: {_listed(weak)}."
    if semantic:
        return "By every measure here the samples are about as good as real pictures."
    return (
        "In colours, textures and where they are the samples are about as good as real pictures. "
        "Whether what they show makes sense is not measured: look at them."
    )


def _good(card: "Card", semantic: bool) -> str:
    praise = {
        "sharpness": "as sharp as real pictures",
        "precision": "realistic" if semantic else "with real pictures' colours and textures",
        "recall": "varied",
        "classes": "every class is shown",
        "copies": "nothing is copied",
        "repeats": "no two samples are the same",
    }
    fine = [words for name, words in praise.items() if _level(card, name) == GOOD]
    if _level(card, "coverage") != GOOD and "varied" in fine:
        fine.remove("varied")
    if _level(card, "copies") != GOOD or _level(card, "repeats") == POOR:
        # Copies of real pictures, and a few repeated ones, score well in the other measures.
        fine = [words for words in fine if words.startswith("no")]
    return f"Good: {_listed(fine)}." if fine else ""


def _level(card: "Card", name: str) -> str | None:
    measure = card.measures.get(name)
    return measure.level if measure else None


# Findings; one of the level "good" is none.


def _copies(card: "Card") -> Finding:
    measure = card.measures["copies"]
    return Finding(
        "copies",
        measure.level,
        "Memorisation (it copies training pictures)",
        f"{_percent(measure.value)} of its samples lie far nearer to one of the {card.searched:,} training "
        f"pictures that were searched than to any other; of other real pictures {_percent(measure.real)} do.",
        "Train on more pictures, use DiffAugment, or stop sooner. Its other numbers mean little: "
        "copies are real pictures.",
    )


def _repeats(card: "Card") -> Finding:
    measure = card.measures["repeats"]
    return Finding(
        "repeats",
        measure.level,
        "Mode collapse (it repeats itself)",
        f"{_percent(measure.value)} of its samples look just like another one (real pictures: "
        f"{_percent(measure.real)}); {card.samples:,} samples show about {_about(card.distinct)} "
        "different pictures.",
        "Try minibatch discrimination, R3GAN or the unrolled method, or a smaller learning rate for G.",
    )


def _classes(card: "Card") -> Finding:
    if "classes" not in card.measures:
        return Finding("classes", GOOD, "", "", "")
    names, rarest = card.classes.rare, card.measures["rarest class"]
    missing = _level(card, "classes") != GOOD
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    subject, verb = ("Classes are", "come") if len(names) > 1 else ("A class is", "comes")
    return Finding(
        "classes",
        _worse(card.measures["classes"], rarest),
        f"{subject} {'missing' if missing else 'rare'}",
        f"{_listed(names[:MAX_NAMED]) or 'One'}{more} {verb} much less often than among real pictures; the "
        f"rarest has {rarest.value:.2f} of its share (real pictures: {rarest.real:.2f}).",
        "A class-conditional method samples each class by its label; R3GAN drops fewer modes.",
    )


def _sharpness(card: "Card") -> Finding:
    measure = card.measures["sharpness"]
    blurred = measure.value < 1
    return Finding(
        "blur" if blurred else "grain",
        measure.level,
        f"Its pictures are {'blurred' if blurred else 'grainy'}",
        f"They have {measure.value:.2f} times the fine detail of real pictures (another set of real "
        f"pictures: {measure.real:.2f}).",
        "Train longer, or with a wider generator; averaged weights over too many images blur too."
        if blurred
        else "Train longer; a smaller learning rate or averaged weights take the grain away.",
    )


def _realism(card: "Card") -> Finding:
    measure = card.measures["precision"]
    return Finding(
        "unreal",
        measure.level,
        "Low precision (many samples look like no real picture)"
        if measure.level == POOR or measure.value < HALF * measure.real
        else "Imperfect precision (some samples look unreal)",
        f"{_percent(measure.value)} lie among the real pictures (precision), where other real pictures "
        f"get {_percent(measure.real)}.",
        "Train longer or with a wider generator; a truncation below 1 draws fewer of them.",
    )


def _variety(card: "Card") -> Finding:
    recall, coverage = card.measures["recall"], card.measures["coverage"]
    level = _worse(recall, coverage)
    return Finding(
        "variety",
        level,
        "Low diversity (it shows too little variety)"
        if level == POOR
        else "Reduced diversity (some kinds of pictures are left out)",
        f"Its samples come near {_percent(coverage.value)} of the real pictures (coverage; real ones "
        f"{_percent(coverage.real)}), and it could have drawn {_percent(recall.value)} (recall; "
        f"{_percent(recall.real)}).",
        "Train longer; R3GAN and RpGAN drop fewer modes; a truncation below 1 costs variety.",
    )


def _density(card: "Card") -> Finding:
    measure = card.measures["density"]
    if measure.value < measure.real:
        return Finding(
            "sparse",
            measure.level,
            "Low density (samples lie where few real pictures do)",
            f"Around a sample lie fewer real pictures: density {measure.value:.2f}, real pictures "
            f"{measure.real:.2f}.",
            "Train longer or with a wider generator; a truncation below 1 draws more typical pictures.",
        )
    return Finding(
        "typical",
        measure.level,
        "High density (it shows typical pictures only)",
        f"Samples lie where real pictures are densest: density {measure.value:.2f}, real pictures "
        f"{measure.real:.2f}.",
        "A truncation nearer to 1 draws rarer pictures; or the model has learned only the typical ones.",
    )


def _distance(card: "Card") -> Finding:
    measure = card.measures["frechet" if "frechet" in card.measures else "sliced_wasserstein"]
    return Finding(
        "distance",
        measure.level,
        "High distance (as a whole, samples differ from real pictures)",
        f"Their distance is {measure.value / max(measure.real, 1e-9):.1f} times that of real pictures "
        "to each other, more than the other measures explain.",
        "Compare the samples with real pictures for overall colour, brightness and layout.",
    )


def _worse(*measures: Measure) -> str:
    levels = [measure.level for measure in measures]
    return POOR if POOR in levels else FAIR if FAIR in levels else GOOD


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.1 or share == 0 else f"{100 * share:.1f} %"


def _about(number: float) -> str:
    """An estimated count, to two digits."""
    rounded = float(f"{number:.2g}")
    return f"{rounded:,.0f}" if rounded >= 2 else "one or two"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
