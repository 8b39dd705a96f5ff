package dev.vitrine.app.training;

import dev.vitrine.app.terminal.Bound;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.training.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options that override a recipe's own schedule. */
final class LearningOptions {
    @Option(names = "--epochs", paramLabel = "N", description = "Number of epochs; overrides the recipe.")
    private Optional<Integer> epochs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the training and of all other sampling. Default: the recipe's, or 0.")
    private Optional<Long> seed;

    /** The recipe with these options. */
    Recipe onto(Recipe recipe) {
        epochs.ifPresent(count -> Bound.atLeastOne("--epochs", count));
        return recipe.with(
                epochs.orElse(recipe.plan().epochs()), seed.orElse(recipe.plan().seed()));
    }

    /**
     * The recipe with these options, and with other pictures if given.
     *
     * @param data a folder or an archive, or two IDX files
     */
    Recipe onto(Recipe recipe, List<Path> data) {
        if (data.size() > 2) {
            throw VitrineException.usage(
                    "--data: found " + data.size() + " paths; expected one folder or zip archive, or two IDX files.");
        }
        return onto(data.isEmpty() ? recipe : recipe.withPaths(data));
    }

    /** The seed of sampling without a recipe. */
    long seed() {
        return seed.orElse(0L);
    }

    /** These options as typed on the command line. */
    String words() {
        return epochs.map(count -> " --epochs " + count).orElse("")
                + seed.map(number -> " --seed " + number).orElse("");
    }
}
