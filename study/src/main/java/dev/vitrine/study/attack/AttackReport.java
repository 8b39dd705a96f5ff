package dev.vitrine.study.attack;

import dev.vitrine.study.Outcome;
import dev.vitrine.study.StudyJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The report of an attack on an array of pictures.
 *
 * @param seconds that the attack took
 * @param partial what is missing of an attack that was stopped
 */
public record AttackReport(AttackTable attack, double seconds, Optional<String> partial) {
    public static AttackReport of(Outcome<AttackTable> outcome, double seconds) {
        return new AttackReport(outcome.result(), seconds, outcome.missing());
    }

    public String json() {
        return StudyJson.text(this);
    }

    /** The main numbers, a sentence each. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%s: %d pictures, accuracy %.1f %% before, %.1f %% after",
                attack.method(),
                attack.pictures(),
                100 * attack.accuracy(),
                100 * attack.accuracyUnderAttack()));
        lines.add(String.format(
                Locale.ROOT,
                "success %.1f %% of %d pictures (95 %% interval %.1f to %.1f %%), %.1f %% after rounding to 8 bits",
                100 * attack.success(),
                attack.attackable(),
                100 * attack.successInterval().get(0),
                100 * attack.successInterval().get(1),
                100 * attack.successAfterRounding()));
        lines.add(String.format(
                Locale.ROOT,
                "change, mean: L2 %.4g, Linf %.4g (%.3g/255), %.1f %% of the values; %.0f queries a picture",
                attack.l2().mean(),
                attack.linf().mean(),
                255 * attack.linf().mean(),
                100 * attack.l0().mean(),
                attack.queries()));
        return lines;
    }
}
