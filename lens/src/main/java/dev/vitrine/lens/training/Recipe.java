package dev.vitrine.lens.training;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.training.data.Augmentation;
import dev.vitrine.lens.training.data.Orders;
import dev.vitrine.lens.training.network.Layer;
import dev.vitrine.lens.training.network.NetworkBuilder;
import dev.vitrine.lens.training.step.Distillation;
import dev.vitrine.lens.training.step.Optimizer;
import dev.vitrine.lens.training.step.Schedule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * A training recipe: network, data and training settings.
 *
 * @param text of the recipe file
 */
public record Recipe(
        String name,
        String description,
        String license,
        Origin origin,
        Data data,
        Augmentation augmentation,
        Plan plan,
        String text) {
    /** The source of the network. */
    public sealed interface Origin {
        /** A new network with random weights; the last layer, with one unit per class, is not in the list. */
        record New(Preprocessing preprocessing, List<Layer> layers, String head) implements Origin {
            public New {
                layers = List.copyOf(layers);
            }

            /**
             * The network with random weights.
             *
             * @throws IllegalArgumentException if its layers do not fit together
             */
            public Graph graph(int classes, RandomGenerator random) {
                NetworkBuilder builder = new NetworkBuilder(
                        preprocessing.channels().count(), preprocessing.height(), preprocessing.width(), random);
                layers.forEach(layer -> layer.addTo(builder));
                return builder.classifier(head, classes);
            }
        }

        /**
         * An ONNX file to fine-tune.
         *
         * @param trainFrom the lowest layer to train; all layers by default
         */
        record Model(Path file, Optional<String> trainFrom, Head head) implements Origin {}
    }

    /** What happens to the last layer of a fine-tuned network. */
    public enum Head {
        /** Kept: the classes are the same. */
        KEPT,
        /** Replaced by one with random weights and one output per class. */
        FRESH
    }

    /**
     * @param paths a folder or zip archive of pictures, or the two IDX files of pictures and labels
     * @param classes folders to train on, in label order; all by default
     * @param labels names of the classes; by default those of the folders
     * @param heldOut share of each class to hold out
     * @param stored side at which pictures are stored, for random crops
     * @param memoryBytes memory limit for stored pictures
     */
    public record Data(
            List<Path> paths, List<String> classes, List<String> labels, double heldOut, int stored, long memoryBytes) {
        public Data {
            paths = List.copyOf(paths);
            classes = List.copyOf(classes);
            labels = List.copyOf(labels);
        }

        Data withPaths(List<Path> newPaths) {
            return new Data(newPaths, classes, labels, heldOut, stored, memoryBytes);
        }
    }

    /**
     * A teacher network, whose probabilities are learned as well.
     *
     * @param size side at which it sees the pictures; by default its own
     */
    public record Teacher(Path file, OptionalInt size, Distillation distillation) {}

    /**
     * @param rate peak of the learning rate
     * @param smoothing of labels
     * @param balance power k of class weights ∝ 1/countᵏ: 0 for none, 1 for equal class weights
     * @param filterRadius see {@link dev.vitrine.lens.training.step.TrainingGraph.Settings}
     * @param checkpoints epochs after which a float16 copy is kept; 0 is before the first
     */
    public record Plan(
            int epochs,
            int batch,
            long seed,
            Optimizer optimizer,
            double rate,
            Schedule schedule,
            double smoothing,
            double balance,
            Optional<Teacher> teacher,
            Orders orders,
            OptionalDouble filterRadius,
            List<Integer> checkpoints) {
        public Plan {
            checkpoints = List.copyOf(checkpoints);
        }

        Plan with(int newEpochs, long newSeed) {
            return new Plan(
                    newEpochs,
                    batch,
                    newSeed,
                    optimizer,
                    rate,
                    schedule,
                    smoothing,
                    balance,
                    teacher,
                    orders,
                    filterRadius,
                    checkpoints);
        }
    }

    public Recipe withPaths(List<Path> paths) {
        return new Recipe(name, description, license, origin, data.withPaths(paths), augmentation, plan, text);
    }

    public Recipe with(int epochs, long seed) {
        return new Recipe(name, description, license, origin, data, augmentation, plan.with(epochs, seed), text);
    }
}
