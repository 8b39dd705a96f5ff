package dev.vitrine.lens.model.anatomy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Nets;
import dev.vitrine.lens.model.Model;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A network whose inner 3×3 convolution has as many channels as there are classes, and a residual block. */
class AnatomyTest {
    private static final int CLASSES = 10;

    private final Model model = network();
    private final Anatomy anatomy = model.anatomy();

    private static Value conv(GraphBuilder b, Value x, int in, int out) {
        Attributes pads = Attributes.NONE.with("pads", 1, 1, 1, 1).with("kernel_shape", 3, 3);
        return b.node("Conv", pads, x, b.constant("kernel", Nets.normal(in + out, out, in, 3, 3)));
    }

    private static Model network() {
        GraphBuilder b = new GraphBuilder();
        Value image = b.input("image", TensorType.of(ElementType.FLOAT32, 1, 3, 16, 16));
        float[] ones = new float[8];
        Arrays.fill(ones, 1);
        Value one = b.constant("one", Tensor.floats(ones, 8));
        Value normal = b.node("BatchNormalization", conv(b, image, 3, 8), one, one, one, one);
        Value pooled = b.node(
                "MaxPool", Attributes.NONE.with("kernel_shape", 2, 2).with("strides", 2, 2), b.node("Relu", normal));
        Value sum = b.node("Add", b.node("Relu", conv(b, pooled, 8, 8)), pooled);
        Value inner = b.node("Relu", conv(b, sum, 8, CLASSES));
        Value row = b.node("Flatten", b.node("GlobalAveragePool", inner));
        Value scores = b.node("Gemm", row, b.constant("weight", Nets.normal(9, CLASSES, CLASSES)));
        b.outputAs(scores, new Value("scores"));
        return Nets.open("net", b.build());
    }

    private static List<String> operators(List<Node> nodes) {
        return nodes.stream().map(Node::operator).toList();
    }

    @Test
    void itIsToldOnce() {
        assertThat(model.anatomy()).isSameAs(anatomy);
        assertThat(model.withGraph(model.graph()).anatomy()).isNotSameAs(anatomy);
    }

    @Test
    void theHeadIsWhatPoolsFlattensAndIsDense() {
        List<String> head = operators(anatomy.head());
        assertThat(head)
                .containsSubsequence("GlobalAveragePool", "Flatten", "Gemm")
                .doesNotContain("Conv", "Relu");
        assertThat(anatomy.node(anatomy.lastSpatial()).operator()).isEqualTo("Relu");
        assertThat(anatomy.lastMaps().channels()).isEqualTo(CLASSES);
        assertThat(anatomy.scales()).last().isEqualTo(anatomy.lastSpatial());
    }

    @Test
    void aStageIsALayerWithWeightsAndWhatAloneReadsIt() {
        List<Stage> stages = anatomy.stages();
        assertThat(operators(stages.stream().map(Stage::linear).toList()))
                .containsExactly("Conv", "Conv", "Conv", "Gemm");
        Stage first = stages.get(0);
        assertThat(first.normalization()).map(Node::operator).contains("BatchNormalization");
        assertThat(first.activation()).map(Node::operator).contains("Relu");
        assertThat(first.pooling()).map(Node::operator).contains("MaxPool");
        assertThat(first.shown()).isEqualTo(first.activation().orElseThrow().output());
        // The sum reads two values of the picture.
        assertThat(operators(stages.get(1).following())).containsExactly("Relu");
        assertThat(stages.get(1).pooling()).isEmpty();
        assertThat(stages.get(2).pooling()).map(Node::operator).contains("GlobalAveragePool");
    }

    @Test
    void everyWayLeadsThroughTheJoints() {
        assertThat(anatomy.joints())
                .startsWith(model.input())
                .endsWith(model.logits())
                .doesNotContain(anatomy.stages().get(1).linear().output())
                .contains(anatomy.stages().get(2).linear().output());
    }

    @Test
    void weightsAreOfTheLayersFromTheTop() {
        List<String> fromThePicture =
                anatomy.stages().stream().map(stage -> stage.linear().name()).toList();
        assertThat(anatomy.learned().stream().map(LearnedLayer::name).toList())
                .containsExactlyElementsOf(reversed(fromThePicture));
        assertThat(anatomy.weightsAbove(model.logits())).containsExactlyElementsOf(fromThePicture);
        assertThat(anatomy.weightsAbove(model.input())).isEmpty();
    }

    private static List<String> reversed(List<String> names) {
        List<String> reversed = new ArrayList<>(names);
        Collections.reverse(reversed);
        return reversed;
    }

    @Test
    void gradientsReachWhatIsBetweenPictureAndScores() {
        for (Value layer : anatomy.all()) {
            assertThat(anatomy.isReachedFromScores(layer)).as(layer.name()).isTrue();
            assertThat(anatomy.reachesPicture(layer)).as(layer.name()).isTrue();
        }
    }
}
