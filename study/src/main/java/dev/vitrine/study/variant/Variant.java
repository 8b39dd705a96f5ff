package dev.vitrine.study.variant;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.FileName;
import dev.vitrine.lens.model.label.NearMisses;
import dev.vitrine.lens.training.Recipe;
import dev.vitrine.lens.training.network.Layer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * A network with layers removed or resized, to be trained from random weights.
 *
 * @param name display name
 * @param id name used in file names
 * @param network its layers
 */
record Variant(String name, String id, Recipe.Origin.New network) {
    /** The unchanged network. */
    static Variant unchanged(Recipe.Origin.New network) {
        return new Variant("unchanged", "unchanged", network);
    }

    /**
     * @throws VitrineException of kind USAGE if a layer does not exist, or the remaining layers do not fit together
     */
    static Variant of(Recipe.Origin.New network, List<Change> changes) {
        return new Redesign(network, changes).variant();
    }

    /** Changes the layers of one network. */
    private static final class Redesign {
        private final Recipe.Origin.New network;
        private final String asked;
        private final Map<String, Change> changes = new LinkedHashMap<>();
        private final Map<String, Integer> counts = new HashMap<>();
        private final Set<String> names = new LinkedHashSet<>();
        private final List<Change> done = new ArrayList<>();
        private final List<String> resized = new ArrayList<>();

        Redesign(Recipe.Origin.New network, List<Change> changes) {
            this.network = network;
            this.asked =
                    "--change '" + changes.stream().map(Change::toString).collect(Collectors.joining(", ")) + "': ";
            for (Change change : changes) {
                if (this.changes.put(change.layer(), change) != null) {
                    throw VitrineException.usage(
                            asked + "found '" + change.layer() + "' twice; expected each layer once.");
                }
            }
        }

        Variant variant() {
            List<Layer> layers = changed(network.layers());
            changes.keySet().stream()
                    .filter(layer -> !names.contains(layer))
                    .findFirst()
                    .ifPresent(this::unknown);
            Recipe.Origin.New changed = new Recipe.Origin.New(network.preprocessing(), layers, network.head());
            try {
                changed.graph(2, new SplittableRandom());
            } catch (IllegalArgumentException impossible) {
                throw VitrineException.usage(asked + "the remaining layers do not fit together: "
                        + impossible.getMessage() + ". Change the adjacent layers too.");
            }
            String id = FileName.of(done.stream()
                    .map(change -> change.toString().replace(": ", "-").replace(' ', '-'))
                    .collect(Collectors.joining("_")));
            return new Variant(words(), id, changed);
        }

        private String words() {
            List<String> words = new ArrayList<>();
            List<String> removed = done.stream()
                    .filter(change -> change instanceof Change.Remove)
                    .map(Change::layer)
                    .toList();
            if (!removed.isEmpty()) {
                words.add("without " + String.join(", ", removed));
            }
            words.addAll(resized);
            return String.join("; ", words);
        }

        private void unknown(String layer) {
            if (layer.equals(network.head())) {
                throw VitrineException.usage(asked + "'" + layer
                        + "' is the last layer, which has one unit per class; expected an earlier layer.");
            }
            List<String> near = NearMisses.of(layer, names, 3);
            throw VitrineException.usage(asked + "the recipe has no layer '" + layer + "'; "
                    + (near.isEmpty()
                            ? "expected one of " + String.join(", ", names) + "."
                            : "did you mean " + String.join(" or ", near) + "?"));
        }

        private List<Layer> changed(List<Layer> layers) {
            List<Layer> kept = new ArrayList<>();
            boolean goes = false;
            for (Layer layer : layers) {
                String name = layer.name(kind -> kind + counts.merge(kind, 1, Integer::sum));
                names.add(name);
                Layer own = layer instanceof Layer.Residual block ? inside(block) : layer;
                if (changes.get(name) instanceof Change.Remove removal) {
                    done.add(removal);
                    goes |= hasWeights(layer);
                } else if (changes.get(name) instanceof Change.Resize resizing) {
                    done.add(resizing);
                    kept.add(resized(own, resizing));
                    goes = false;
                } else if (!goes || !follows(layer)) {
                    kept.add(own);
                    goes = false;
                }
            }
            return kept;
        }

        private Layer inside(Layer.Residual block) {
            List<Layer> branch = changed(block.branch());
            if (branch.stream().noneMatch(Redesign::hasWeights)
                    && block.branch().stream().anyMatch(Redesign::hasWeights)
                    && !(changes.get(block.name()) instanceof Change.Remove)) {
                throw VitrineException.usage(asked + "nothing is left in block '" + block.name()
                        + "'; expected a layer with weights. Remove the whole block: 'remove " + block.name() + "'.");
            }
            return new Layer.Residual(block.name(), branch);
        }

        private Layer resized(Layer layer, Change.Resize resizing) {
            if (layer instanceof Layer.Convolution old) {
                note(old.name(), old.filters(), resizing.size(), "filters");
                return new Layer.Convolution(
                        old.name(), resizing.size(), old.size(), old.stride(), old.pad(), old.spread());
            }
            if (layer instanceof Layer.Full old) {
                note(old.name(), old.units(), resizing.size(), "units");
                return new Layer.Full(old.name(), resizing.size());
            }
            throw VitrineException.usage(asked + "'" + resizing.layer() + "' has no size of its own; expected a"
                    + " convolution or a fully connected layer.");
        }

        private void note(String name, int old, int size, String what) {
            if (old == size) {
                throw VitrineException.usage(
                        asked + "'" + name + "' already has " + old + " " + what + "; expected another number.");
            }
            resized.add(name + ": " + old + " → " + size + " " + what);
        }

        private static boolean hasWeights(Layer layer) {
            return layer instanceof Layer.Convolution || layer instanceof Layer.Full || layer instanceof Layer.Residual;
        }

        private static boolean follows(Layer layer) {
            return layer instanceof Layer.BatchNormalization
                    || layer instanceof Layer.Relu
                    || layer instanceof Layer.LocalResponse
                    || layer instanceof Layer.Dropout;
        }
    }
}
