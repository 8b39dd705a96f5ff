package dev.vitrine.lens.attribution.gradient;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Enlargement;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.objective.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Σ_c ψ(x ⊙ ∂score/∂x) + Σ_l Σ_c ψ(b_l ⊙ ∂score/∂z_l) over the convolutions z_l = w_l ∗ a_l + b_l, batch normalization
 * folded in; ψ takes magnitudes, rescales them to 0..1 over each layer, and upsamples them to the picture. Srinivas and
 * Fleuret 2019, arXiv:1905.00780.
 */
public record FullGrad() implements GraphAttribution, PictureAttribution {
    private static final float TINY = 1e-6f;
    private static final int MAP_RANK = 4;

    @Override
    public Traits traits() {
        return new Traits("full-grad", Form.MAP, Reduction.SUM, Sign.POSITIVE);
    }

    @Override
    public long[] shape(Model model) {
        return EachPicture.wholePicture(model);
    }

    @Override
    public ExplanationGraph graph(Model model, Objective objective) {
        if (!model.takesPictures()) {
            throw PictureAttribution.refusal(id(), model);
        }
        Backward backward = Backward.layerByLayer(model, objective);
        List<Node> biased = backward.graph().nodes().stream()
                .filter(node -> bias(backward.graph(), node).isPresent())
                .toList();
        List<Value> wanted = new ArrayList<>(List.of(model.input()));
        biased.forEach(node -> wanted.add(node.output()));
        Differentiator.Result result = backward.gradient(BackwardRules.PLAIN, wanted);
        GraphBuilder b = new GraphBuilder(result.graph()).scope("full");
        Value ofInput = b.node("Mul", model.input(), result.of(model.input()));
        if (model.preprocessing().layout() == Layout.NHWC) {
            ofInput = b.node("Transpose", Attributes.NONE.with("perm", 0, 3, 1, 2), ofInput);
        }
        Value map = summed(b, scaled(b, ofInput));
        for (Node node : biased) {
            Value ofBias = b.node("Mul", result.of(node.output()), bias(b, backward.graph(), node));
            Value enlarged = Enlargement.bilinear(
                    b,
                    summed(b, scaled(b, ofBias)),
                    model.preprocessing().height(),
                    model.preprocessing().width());
            map = b.node("Add", map, enlarged);
        }
        List<Dimension> places = List.of(
                model.batch(),
                Dimension.of(1),
                Dimension.of(model.preprocessing().height()),
                Dimension.of(model.preprocessing().width()));
        return ExplanationGraph.finish(
                b,
                model,
                map,
                new TensorType(ElementType.FLOAT32, places),
                backward.objective().score(),
                form());
    }

    /** A convolution's bias, where its output has height and width. */
    private static Optional<Tensor> bias(Graph graph, Node node) {
        boolean maps = OperatorTable.row(node).isConvolution()
                && graph.type(node.output())
                        .filter(type -> type.rank() == MAP_RANK)
                        .isPresent();
        return maps && node.input(2).isPresent()
                ? Optional.ofNullable(graph.constants().get(node.input(2)))
                : Optional.empty();
    }

    private static Value bias(GraphBuilder b, Graph graph, Node node) {
        Tensor bias = bias(graph, node).orElseThrow();
        return b.constant("bias", bias.reshape(1, bias.dimension(0), 1, 1));
    }

    /** |v| rescaled to 0..1 over channels and positions. */
    private static Value scaled(GraphBuilder b, Value contributions) {
        Attributes keep = Attributes.NONE.with("keepdims", 1);
        Value size = b.node("Abs", contributions);
        Value least = b.node("ReduceMin", keep, size, b.vector(1, 2, 3));
        Value above = b.node("Sub", size, least);
        Value most = b.node("ReduceMax", keep, above, b.vector(1, 2, 3));
        return b.node("Div", above, b.node("Add", most, b.constant(TINY)));
    }

    private static Value summed(GraphBuilder b, Value maps) {
        return b.node("ReduceSum", Attributes.NONE.with("keepdims", 1), maps, b.vector(1));
    }
}
