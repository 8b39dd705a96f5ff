package dev.vitrine.lens.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.rewrite.weight.HalveWeights;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkTest {
    @TempDir
    private Path folder;

    private static NetworkBuilder builder() {
        return new NetworkBuilder(3, 32, 24, new SplittableRandom(1));
    }

    private static Graph everyLayer() {
        return builder()
                .convolution("conv1", 16, 5, 2, 2)
                .batchNormalization()
                .relu()
                .maxPool(3, 2, 1)
                .localResponse(5)
                .residual(
                        "block1",
                        branch ->
                                branch.convolution("conv2", 16, 3, 1, 1).relu().convolution("conv3", 16, 3, 1, 1))
                .residual("block2", branch -> branch.convolution("conv4", 32, 3, 2, 1))
                .dropout(0.3)
                .fullyConnected("full", 20)
                .relu()
                .classifier("classes", 4);
    }

    @Test
    void layersKnowWhatTheyGoBy() {
        List<Layer> layers = List.of(
                new Layer.Convolution("conv1", 8, 3, 1, 1, 1),
                new Layer.BatchNormalization(),
                new Layer.Relu(),
                new Layer.MaxPool(2, 2, 0),
                new Layer.LocalResponse(5),
                new Layer.Residual("block1", List.of(new Layer.Convolution("conv2", 8, 3, 1, 1, 1))),
                new Layer.Relu(),
                new Layer.MeanPool(),
                new Layer.Dropout(0.5),
                new Layer.Full("full3", 4));
        NetworkBuilder builder = builder();
        layers.forEach(layer -> layer.addTo(builder));
        Graph graph = builder.classifier("classes", 2);
        Map<String, Integer> counts = new HashMap<>();
        assertThat(graph.nodes().stream().map(Node::name))
                .containsAll(layers.stream()
                        .map(layer -> layer.name(kind -> kind + counts.merge(kind, 1, Integer::sum)))
                        .toList());
    }

    @Test
    void everyLayerRunsAndHasTheShapeThatTheBuilderSays() {
        NetworkBuilder builder = builder().convolution("conv1", 16, 5, 2, 2).maxPool(3, 2, 1);
        assertThat(builder.shape()).containsExactly(16, 8, 6);
        Graph graph = TypeInference.infer(everyLayer());
        assertThat(graph.types().get(new Value("block2")).shape()).containsExactly(-1, 32, 4, 3);
        assertThat(graph.types().get(new Value("classes")).shape()).containsExactly(-1, 4);
    }

    @Test
    void theFileOpensAsAnOrdinaryModelWithHalvedWeightsToo() {
        Graph graph = everyLayer();
        Path file = folder.resolve("whole.onnx");
        Path small = folder.resolve("small.onnx");
        OnnxWriter.write(graph, file);
        OnnxWriter.write(new HalveWeights().apply(graph), small);
        assertThat(small.toFile().length()).isLessThan(file.toFile().length() * 6 / 10);
        OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
        Model whole = new ModelLoader(runner).load(file);
        Model halved = new ModelLoader(runner).load(small);
        assertThat(halved.graph().nodes()).noneMatch(node -> node.operator().equals("Cast"));
        float[] pixels = new float[2 * 3 * 32 * 24];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(i);
        }
        Tensor images = Tensor.floats(pixels, 2, 3, 32, 24);
        float[] expected = logits(whole, images);
        float[] found = logits(halved, images);
        assertThat(found).hasSize(8).containsExactly(expected, Offset.offset(5e-3f));
    }

    private static float[] logits(Model model, Tensor images) {
        try (Executable executable = new OnnxRuntimeRunner().load(model.graph())) {
            return executable
                    .run(Map.of(model.input(), images))
                    .get(model.logits())
                    .toFloats();
        }
    }

    @Test
    void layersThatDoNotFitAreNamed() {
        assertThatThrownBy(() -> builder().convolution("huge", 4, 99, 1, 0)).hasMessageContaining("'huge'");
        assertThatThrownBy(() -> builder().fullyConnected("flat", 4).maxPool(2, 2, 0))
                .hasMessageContaining("'pool1'");
        assertThatThrownBy(() -> builder().residual("odd", branch -> branch.convolution("conv", 4, 5, 1, 0)))
                .hasMessageContaining("'odd'");
    }

    @Test
    void allWeightsLearnOrThoseFromALayerOn() {
        Graph graph = everyLayer();
        Parameters all = Parameters.all(graph);
        assertThat(all.weights()).hasSize(2 * 6 + 2 + 2);
        assertThat(all.statistics()).hasSize(2);
        Parameters upper = Parameters.from(graph, "block2");
        assertThat(upper.weights())
                .extracting(Value::name)
                .containsExactly("full.weight", "full.bias", "classes.weight", "classes.bias");
        assertThat(upper.statistics()).isEmpty();
        assertThatThrownBy(() -> Parameters.from(graph, "conv9")).hasMessageContaining("'conv9'");
    }

    @Test
    void aFreshHeadHasOtherClassesAndTheRestStays() {
        Network network = Network.of(TypeInference.infer(everyLayer()));
        Network other = FreshHead.on(network, 7, new SplittableRandom(2));
        Graph graph = TypeInference.infer(other.graph());
        assertThat(graph.types().get(other.logits()).shape()).containsExactly(-1, 7);
        assertThat(graph.constants().get(new Value("conv1.weight")))
                .isEqualTo(network.graph().constants().get(new Value("conv1.weight")));
        assertThat(graph.nodes().stream().map(Node::name).toList())
                .isEqualTo(network.graph().nodes().stream().map(Node::name).toList());
    }

    @Test
    void aNetworkWithoutWeightsCannotLearn() {
        Graph graph = everyLayer();
        Graph bare = new Graph(graph.inputs(), List.of(), List.of(), Map.of(), graph.types(), graph.opsets());
        assertThatThrownBy(() -> Parameters.all(bare)).hasMessageContaining("no weights");
    }
}
