package dev.vitrine.app.attack;

import dev.vitrine.app.objective.TargetWords;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.Model;
import dev.vitrine.study.attack.Goal;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The class that an attack is to reach. */
@Command
final class GoalOption {
    @Option(
            names = {"-t", "--target"},
            paramLabel = "CLASS|least-likely|random",
            description = "Class that the network should predict, by index, name or part of the name; or the least"
                    + " likely class of each picture; or one drawn at random. Default: any wrong class.")
    private Optional<String> target;

    boolean isGiven() {
        return target.isPresent();
    }

    /**
     * @param seed of classes drawn at random
     */
    Goal on(Model model, long seed) {
        if (target.isEmpty()) {
            return Goal.ANY;
        }
        String word = target.get();
        if (word.equals("least-likely")) {
            return Goal.leastLikely();
        }
        if (word.equals("random")) {
            return Goal.random(seed);
        }
        List<Integer> classes = TargetWords.classes(word, model);
        if (classes.size() != 1) {
            throw VitrineException.usage(
                    "--target " + word + ": found " + classes.size() + " classes; expected one to reach.");
        }
        return Goal.named(classes.get(0));
    }
}
