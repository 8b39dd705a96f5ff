package dev.vitrine.study.attack;

import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.attack.Rounding;
import dev.vitrine.lens.attack.Subjects;
import dev.vitrine.lens.attack.Victim;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What became of one picture.
 *
 * @param label true class
 * @param target class that was wanted
 * @param before class of the picture
 * @param after class of the changed picture
 * @param rounded class of the changed picture at 8 bits a value
 * @param success whether the changed picture is taken for the target, or for any wrong class
 * @param successRounded the same at 8 bits
 * @param confidence probability of the class {@code after}; the score where the network has no probabilities
 * @param l2 √Σδ² of the change, values in 0..1
 * @param linf max |δ|
 * @param l1 Σ|δ|
 * @param l0 share of values that changed
 * @param queries how often the network was run, forward or forward and backward
 */
public record Attacked(
        int index,
        String name,
        int label,
        OptionalInt target,
        int before,
        int after,
        int rounded,
        boolean success,
        boolean successRounded,
        double confidence,
        double l2,
        double linf,
        double l1,
        double l0,
        long queries) {
    /** What an attack made of pictures, judged by plain forward passes. */
    static List<Attacked> of(Victim victim, Subjects subjects, Attack.Crafted crafted, List<String> names) {
        float[][] before = victim.logits(subjects.pictures());
        float[][] after = victim.logits(crafted.pictures());
        float[][] rounded =
                victim.logits(crafted.pictures().stream().map(Rounding::rounded).toList());
        List<Attacked> all = new ArrayList<>();
        for (int row = 0; row < subjects.count(); row++) {
            int index = row;
            ChangeSize size = ChangeSize.of(
                    subjects.pictures().get(row), crafted.pictures().get(row));
            int best = Subjects.best(after[row]);
            all.add(new Attacked(
                    (int) subjects.numbers()[row],
                    names.get(row),
                    subjects.labels()[row],
                    subjects.targets()
                            .map(wanted -> OptionalInt.of(wanted[index]))
                            .orElse(OptionalInt.empty()),
                    Subjects.best(before[row]),
                    best,
                    Subjects.best(rounded[row]),
                    subjects.succeeds(row, after[row]),
                    subjects.succeeds(row, rounded[row]),
                    victim.model().head().shown(after[row])[best],
                    size.l2(),
                    size.linf(),
                    size.l1(),
                    size.l0(),
                    crafted.queries()[row]));
        }
        return all;
    }

    /** Whether the picture counts: right before, or not of the wanted class. */
    boolean counts() {
        return target.isPresent() ? before != target.getAsInt() : before == label;
    }
}
