package dev.vitrine.study.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.training.Recipe;
import dev.vitrine.lens.training.network.Layer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VariantTest {
    private static final Recipe.Origin.New NETWORK = new Recipe.Origin.New(
            new Preprocessing(
                    16,
                    16,
                    Fit.SQUASH,
                    Resampling.BILINEAR,
                    ChannelOrder.GRAY,
                    Layout.NCHW,
                    Normalization.range(0, 1, 1)),
            List.of(
                    new Layer.Convolution("conv1", 4, 3, 1, 1, 1),
                    new Layer.BatchNormalization(),
                    new Layer.Relu(),
                    new Layer.MaxPool(2, 2, 0),
                    new Layer.LocalResponse(3),
                    new Layer.Residual(
                            "block1",
                            List.of(
                                    new Layer.Convolution("conv2", 4, 3, 1, 1, 1),
                                    new Layer.Relu(),
                                    new Layer.Convolution("conv3", 4, 3, 1, 1, 1))),
                    new Layer.Relu(),
                    new Layer.Convolution("conv4", 6, 5, 2, 0, 1),
                    new Layer.Relu(),
                    new Layer.Dropout(0.2),
                    new Layer.Full("full5", 8),
                    new Layer.Relu()),
            "full6");

    private static Variant variant(String changes) {
        return Variant.of(NETWORK, Change.parse(changes));
    }

    private static List<String> nodes(String changes) {
        Graph graph = variant(changes).network().graph(3, new SplittableRandom(1));
        return graph.nodes().stream().map(Node::operator).toList();
    }

    @Test
    void aLayerGoesWithWhatFollowsItButPooling() {
        assertThat(nodes("remove conv1"))
                .containsExactly(
                        "MaxPool", "LRN", "Conv", "Relu", "Conv", "Conv", "Add", "Relu", "Conv", "Relu", "Dropout",
                        "Flatten", "Gemm", "Relu", "Gemm");
        assertThat(nodes("remove conv4, full5, block1"))
                .containsExactly("Conv", "BatchNormalization", "Relu", "MaxPool", "LRN", "Flatten", "Gemm");
        assertThat(nodes("remove norm1, remove dropout1, remove relu2, conv3"))
                .containsExactly(
                        "Conv",
                        "BatchNormalization",
                        "Relu",
                        "MaxPool",
                        "Conv",
                        "Add",
                        "Relu",
                        "Conv",
                        "Relu",
                        "Flatten",
                        "Gemm",
                        "Relu",
                        "Gemm");
    }

    @Test
    void aLayerIsResizedWithAllThatReadsIt() {
        Variant variant = variant("full5: 20, conv2=7");
        Graph graph = variant.network().graph(3, new SplittableRandom(1));
        assertThat(variant.name()).isEqualTo("conv2: 4 → 7 filters; full5: 8 → 20 units");
        assertThat(variant.id()).isEqualTo("conv2-7_full5-20");
        assertThat(Weights.of(graph)).contains("Conv 7×4×3×3", "Conv 4×7×3×3", "Gemm 20×24", "Gemm 3×20");
        assertThat(variant("conv2: 7, full5: 20")).isEqualTo(variant);
        assertThat(variant("remove full5, conv4, conv1: 2").name())
                .isEqualTo("without conv4, full5; conv1: 4 → 2 filters");
    }

    private static void refused(String changes, String... words) {
        assertThatThrownBy(() -> variant(changes))
                .isInstanceOf(VitrineException.class)
                .hasMessageContainingAll(words)
                .extracting(problem -> ((VitrineException) problem).kind())
                .isEqualTo(VitrineException.Kind.USAGE);
    }

    @Test
    void impossibleChangesAreRefused() {
        refused("remove conv9", "no layer 'conv9'", "did you mean conv");
        refused("remove encoder", "expected one of conv1, batchnorm1, relu1");
        refused("remove full6", "'full6' is the last layer");
        refused("conv1: 0", "size '0'", "remove LAYER");
        refused("conv1: many", "size 'many'");
        refused("conv1: 4", "already has 4 filters");
        refused("pool1: 3", "'pool1' has no size of its own");
        refused("block1: 3", "'block1' has no size of its own");
        refused("conv1: 8, remove conv1", "'conv1' twice");
        refused("remove conv2, conv3", "nothing is left in block 'block1'", "remove block1");
        refused("conv1", "found 'conv1'", "remove LAYER");
        refused("", "found ''");
        Recipe.Origin.New narrow = new Recipe.Origin.New(
                NETWORK.preprocessing(),
                List.of(
                        new Layer.Convolution("up", 2, 1, 1, 6, 1),
                        new Layer.Relu(),
                        new Layer.Convolution("wide", 2, 20, 1, 0, 1)),
                "head");
        assertThatThrownBy(() -> Variant.of(narrow, Change.parse("remove up")))
                .hasMessageContainingAll("do not fit together", "'wide'", "window is larger");
    }
}
