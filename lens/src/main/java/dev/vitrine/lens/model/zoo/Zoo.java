package dev.vitrine.lens.model.zoo;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.model.card.ModelCards;
import dev.vitrine.lens.model.label.NearMisses;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Networks of the ONNX Model Zoo that can be fetched by name, with what their files do not say. */
public final class Zoo {
    /** What a name may have in front wherever a model's file may stand. */
    public static final String PREFIX = "zoo:";

    /** In the order in which one of them is taken where nobody names one. */
    public static final List<ZooNetwork> NETWORKS =
            text(Zoo.class, "networks.tsv").lines().skip(1).map(Zoo::network).toList();

    static final String LABELS = "imagenet-classes.tsv";

    private Zoo() {}

    private static ZooNetwork network(String line) {
        String[] cells = line.split("\t", -1);
        return new ZooNetwork(
                cells[0],
                Integer.parseInt(cells[1]),
                Long.parseLong(cells[2]),
                cells[3],
                cells[4],
                cells[5],
                cells[6],
                cells[7]);
    }

    /** The network of a file whose name is not in the list, by its size. */
    public static ZooNetwork ofSize(Path file) {
        long bytes;
        try {
            bytes = Files.size(file);
        } catch (IOException missing) {
            throw VitrineException.failure(file + ": no such file; expected a network as an ONNX file.");
        }
        return NETWORKS.stream()
                .filter(network -> network.bytes() == bytes)
                .findFirst()
                .orElseThrow(() -> VitrineException.failure(file + ": has " + bytes
                        + " bytes, as no network of the list has; expected one of them, whole."));
    }

    /** The network of a name, or of the beginning or a part of one that no other has. */
    public static ZooNetwork find(String text) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        for (ZooNetwork network : NETWORKS) {
            if (network.name().equals(wanted)) {
                return network;
            }
        }
        List<ZooNetwork> fitting = NETWORKS.stream()
                .filter(network -> !wanted.isEmpty() && network.name().contains(wanted))
                .toList();
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        if (!fitting.isEmpty()) {
            throw VitrineException.usage("Network '" + text + "' may be one of " + fitting.size() + ": "
                    + String.join(", ", names(fitting)) + ". Give the whole name.");
        }
        List<String> near = NearMisses.of(wanted, names(NETWORKS), 3);
        throw VitrineException.usage("No network '" + text + "' in the list. "
                + (near.isEmpty() ? "" : "Did you mean " + String.join(" or ", near) + "? ") + "There are: "
                + String.join(", ", names(NETWORKS)) + ".");
    }

    private static List<String> names(List<ZooNetwork> networks) {
        return networks.stream().map(ZooNetwork::name).toList();
    }

    /** The model card of a network, in YAML. */
    static String card(ZooNetwork network) {
        return Stream.of(
                        "name: " + network.name(),
                        "description: \"" + network.title() + " of the ONNX Model Zoo, "
                                + (network.isForPhotos() ? "1000 classes of ImageNet." : "digits of MNIST.") + "\"",
                        "license: Apache-2.0 (the ONNX Model Zoo)",
                        text(Zoo.class, network.card() + ".yaml"))
                .reduce((head, next) -> head + "\n" + next)
                .orElseThrow();
    }

    /** Names and WordNet ids of ImageNet's classes. */
    static String labels() {
        return text(ModelCards.class, LABELS);
    }

    private static String text(Class<?> beside, String name) {
        try (InputStream stream = beside.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
