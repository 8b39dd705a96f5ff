package dev.vitrine.study.attack.folder;

import dev.vitrine.study.attack.ChangeSize;
import dev.vitrine.study.attack.Middle;
import dev.vitrine.study.attack.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * How a network stands an attack.
 *
 * @param pictures number of pictures
 * @param accuracy share of right predictions without attack
 * @param attackable pictures with something to attack: a right prediction, or, with a target, another one than the target
 * @param levels the attack at each strength, weakest first
 * @param curve accuracy as a function of the size of changes
 */
public record Resistance(
        String method,
        int pictures,
        Share accuracy,
        int attackable,
        List<Level> levels,
        List<Point> curve,
        List<AttackedRow> rows) {
    /**
     * An attack of one strength. A picture that a weaker one breaks counts as broken, by the smaller change.
     *
     * @param epsilon largest size of a change; empty if the attack looks for the smallest
     * @param accuracy share of right predictions
     * @param success share of attackable pictures that are broken
     * @param l2 of the changes that succeed, values in 0..1
     * @param l0 share of values that changed
     * @param queries runs of the network per attackable picture, mean
     */
    public record Level(
            OptionalDouble epsilon,
            Share accuracy,
            int broken,
            Share success,
            Middle l2,
            Middle linf,
            Middle l1,
            Middle l0,
            double queries) {}

    /** Accuracy if changes are at most so large. */
    public record Point(double size, Share accuracy) {}

    /** Places of the curve of an attack that looks for the smallest changes. */
    private static final int PLACES = 24;

    public Resistance {
        levels = List.copyOf(levels);
        curve = List.copyOf(curve);
        rows = List.copyOf(rows);
    }

    static Resistance of(FolderAttack study, List<AttackedRow> rows) {
        int all = rows.size();
        List<Level> levels = new ArrayList<>();
        List<Point> curve = new ArrayList<>();
        Share clean = Share.of(rows.stream().filter(AttackedRow::isRight).count(), all);
        curve.add(new Point(0, clean));
        for (int index = 0; index < study.attacks().size(); index++) {
            OptionalDouble epsilon = study.epsilon(index);
            Level level = level(rows, index, epsilon);
            levels.add(level);
            epsilon.ifPresent(size -> curve.add(new Point(size, level.accuracy())));
        }
        if (curve.size() == 1) {
            curve.addAll(smallest(study, rows));
        }
        return new Resistance(
                study.attacks().get(0).id(),
                all,
                clean,
                (int) rows.stream().filter(AttackedRow::counts).count(),
                levels,
                curve,
                rows);
    }

    private static Level level(List<AttackedRow> rows, int level, OptionalDouble epsilon) {
        List<AttackedRow> counted = rows.stream().filter(AttackedRow::counts).toList();
        List<AttackedRow.Broken> broken = counted.stream()
                .flatMap(row -> row.broken().stream())
                .filter(one -> one.level() <= level)
                .toList();
        return new Level(
                epsilon,
                Share.of(rows.stream().filter(row -> row.resists(level)).count(), rows.size()),
                broken.size(),
                Share.of(broken.size(), counted.size()),
                middle(broken, ChangeSize::l2),
                middle(broken, ChangeSize::linf),
                middle(broken, ChangeSize::l1),
                middle(broken, ChangeSize::l0),
                counted.stream()
                        .mapToLong(row -> row.queriesUpTo(level))
                        .average()
                        .orElse(0));
    }

    private static Middle middle(List<AttackedRow.Broken> broken, ToDoubleFunction<ChangeSize> size) {
        return Middle.of(broken.stream().map(AttackedRow.Broken::size).mapToDouble(size));
    }

    private static List<Point> smallest(FolderAttack study, List<AttackedRow> rows) {
        double[] sizes = rows.stream()
                .flatMap(row -> row.broken().stream())
                .mapToDouble(one -> one.size().by(study.attacks().get(0).norm()))
                .toArray();
        double largest = Arrays.stream(sizes).max().orElse(0);
        List<Point> curve = new ArrayList<>();
        for (int place = 1; place <= PLACES && largest > 0; place++) {
            double size = largest * place / PLACES;
            long right = rows.stream()
                    .filter(AttackedRow::isRight)
                    .filter(row -> row.broken()
                            .filter(one -> one.size().by(study.attacks().get(0).norm()) <= size)
                            .isEmpty())
                    .count();
            curve.add(new Point(size, Share.of(right, rows.size())));
        }
        return curve;
    }
}
