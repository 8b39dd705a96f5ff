package dev.vitrine.study.attack.folder;

import dev.vitrine.study.attack.ChangeSize;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What became of one picture under attacks of rising strength; a picture that one breaks is not given to the stronger ones.
 *
 * @param index in the list of pictures
 * @param label true class
 * @param target class to reach
 * @param before predicted class of the picture
 * @param queries runs of the network by each attack that it was given to
 */
public record AttackedRow(
        int index,
        String name,
        int label,
        OptionalInt target,
        int before,
        Optional<Broken> broken,
        List<Long> queries) {
    /**
     * A successful attack.
     *
     * @param level index of the attack
     * @param after predicted class of the adversarial picture as written
     * @param confidence its probability; the score where the network has no probabilities
     * @param file of the adversarial picture
     */
    public record Broken(int level, int after, double confidence, ChangeSize size, String file) {}

    public AttackedRow {
        queries = List.copyOf(queries);
    }

    boolean isRight() {
        return before == label;
    }

    /** Whether there is something to attack: a right prediction, or, with a target, neither it as prediction nor as class. */
    boolean counts() {
        return target.isPresent() ? before != target.getAsInt() && label != target.getAsInt() : isRight();
    }

    /** Whether the prediction stays right under the attacks up to a level. */
    boolean resists(int level) {
        return isRight() && broken.filter(one -> one.level() <= level).isEmpty();
    }

    long queriesUpTo(int level) {
        return queries.stream().limit(level + 1L).mapToLong(Long::longValue).sum();
    }
}
