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
            description = "Seed in place of the recipe's, and of all else that is drawn, by default 0.")
    private Optional<Long> seed;

    /** The recipe with them. */
    Recipe onto(Recipe recipe) {
        epochs.ifPresent(count -> Bound.atLeastOne("--epochs", count));
        return recipe.with(
                epochs.orElse(recipe.plan().epochs()), seed.orElse(recipe.plan().seed()));
    }

    /**
     * The recipe with them, and with other pictures where there are any.
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

    /** Of what is drawn without a recipe. */
    long seed() {
        return seed.orElse(0L);
    }

    /** The same options again, as a person types them. */
    String words() {
        return epochs.map(count -> " --epochs " + count).orElse("")
                + seed.map(number -> " --seed " + number).orElse("");
    }
}
