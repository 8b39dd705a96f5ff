package dev.vitrine.lens.attribution.gradient;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.attribution.ExplanationGraph;
import dev.vitrine.lens.attribution.GraphAttribution;
import dev.vitrine.lens.attribution.LayerAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.anatomy.LayerMaps;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.setting.Setting;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * max(Σ_c w_c A_c, 0) over the maps A {@code f32[N,C,h,w]} of one layer, with G = ∂score/∂A; the variants differ in w.
 *
 * @param layer whose maps are summed; by default the last one before the head
 */
public record ClassActivationMap(
        Variant variant,

        @Setting(label = "NAME", otherwise = LayerAttribution.LAST, meaning = LayerAttribution.LAYER)
        Optional<String> layer)
        implements GraphAttribution, LayerAttribution {
    /** The weights of the maps. */
    public enum Variant {
        /** w = the weights of the linear layer after global average pooling. Zhou et al. 2015, arXiv:1512.04150. */
        CAM("cam"),
        /** w = mean G. Selvaraju et al. 2016, arXiv:1610.02391. */
        GRAD("grad-cam"),
        /** w = Σ α max(G, 0), α = 1/(2 + G ΣA). Chattopadhay et al. 2017, arXiv:1710.11063. */
        GRAD_PLUS_PLUS("grad-cam-plus-plus"),
        /** w = Σ G A / Σ A. Fu et al. 2020, arXiv:2008.02312. */
        X_GRAD("xgrad-cam"),
        /** w = G, element-wise. Draelos and Carin 2020, arXiv:2011.08891. */
        HI_RES("hires-cam"),
        /** w = max(G, 0), element-wise. Jiang et al. 2021, doi:10.1109/TIP.2021.3089943. */
        LAYER("layer-cam"),
        /** Σ max(G A, 0), element-wise. Gildenblat's pytorch-grad-cam. */
        ELEMENT_WISE("grad-cam-element-wise"),
        /**
         * Projection on the first principal direction of A, no gradient. Muhammad and Yeasin 2020, arXiv:2008.00299.
         */
        EIGEN("eigen-cam");

        private final String id;

        Variant(String id) {
            this.id = id;
        }
    }

    /** Number of squarings of the channels' second-moment matrix, equal to 2⁸ power iterations. */
    private static final int SQUARINGS = 8;

    @Override
    public Traits traits() {
        return new Traits(variant.id, Form.MAP, Reduction.SUM, Sign.POSITIVE);
    }

    @Override
    public ClassActivationMap withLayer(String name) {
        return new ClassActivationMap(variant, Optional.of(name));
    }

    @Override
    public ExplanationGraph graph(Model model, Objective objective) {
        LayerMaps layer = maps(model, objective);
        Value value = layer.value();
        Backward backward = Backward.of(model, objective, List.of(value));
        GraphBuilder builder;
        Value heatmap;
        if (variant == Variant.EIGEN) {
            builder = new GraphBuilder(backward.graph()).scope("cam");
            heatmap = firstDirection(builder, layer.channelsFirst(builder, value), layer);
        } else {
            if (variant == Variant.CAM) {
                requireLinearHead(backward.graph(), value, model);
            }
            Differentiator.Result result = backward.gradient(BackwardRules.PLAIN, List.of(value));
            builder = new GraphBuilder(result.graph()).scope("cam");
            heatmap = heatmap(builder, layer, result.of(value));
        }
        return ExplanationGraph.finish(
                builder, model, heatmap, layer.map(), backward.objective().score(), form());
    }

    /** max(Σ w A, 0) from the layer and its gradient. */
    Value heatmap(GraphBuilder b, LayerMaps layer, Value gradient) {
        Value maps = layer.channelsFirst(b, layer.value());
        return b.node("Relu", weighted(b, maps, layer.channelsFirst(b, gradient)));
    }

    private Value weighted(GraphBuilder b, Value maps, Value gradient) {
        if (variant == Variant.ELEMENT_WISE) {
            return overChannels(b, b.node("Relu", b.node("Mul", gradient, maps)));
        }
        Value weights = switch (variant) {
            case CAM -> overPlaces(b, "ReduceSum", gradient);
            case GRAD -> overPlaces(b, "ReduceMean", gradient);
            case GRAD_PLUS_PLUS ->
                overPlaces(b, "ReduceSum", b.node("Mul", alpha(b, maps, gradient), b.node("Relu", gradient)));
            case X_GRAD -> {
                Value total = overPlaces(b, "ReduceSum", b.node("Mul", gradient, maps));
                yield overZero(b, total, overPlaces(b, "ReduceSum", maps), b.constant(0f));
            }
            case HI_RES -> gradient;
            case LAYER -> b.node("Relu", gradient);
            case EIGEN, ELEMENT_WISE -> throw new IllegalStateException(variant.id + " has no weights");
        };
        return overChannels(b, b.node("Mul", weights, maps));
    }

    private static Value overChannels(GraphBuilder b, Value maps) {
        return b.node("ReduceSum", Attributes.NONE.with("keepdims", 1), maps, b.vector(1));
    }

    /**
     * 1/(2 + G ΣA) where G ≠ 0, which equals G²/(2G² + G³ ΣA) without underflow; 0 where G = 0. At the pole, where the
     * authors' code replaces the denominator by 1: G².
     */
    private static Value alpha(GraphBuilder b, Value maps, Value gradient) {
        Value sum = overPlaces(b, "ReduceSum", maps);
        Value denominator = b.node("Add", b.node("Mul", gradient, sum), b.constant(2f));
        Value alpha = overZero(b, b.constant(1f), denominator, b.node("Mul", gradient, gradient));
        return b.node("Where", b.node("Equal", gradient, b.constant(0f)), b.constant(0f), alpha);
    }

    /** above/below, or {@code otherwise} where below is 0. */
    private static Value overZero(GraphBuilder b, Value above, Value below, Value otherwise) {
        Value none = b.node("Equal", below, b.constant(0f));
        Value divisor = b.node("Where", none, b.constant(1f), below);
        return b.node("Where", none, otherwise, b.node("Div", above, divisor));
    }

    private static Value overPlaces(GraphBuilder b, String reduction, Value value) {
        return b.node(reduction, Attributes.NONE.with("keepdims", 1), value, b.vector(2, 3));
    }

    /**
     * |A v₁| with v₁ the first right singular vector of A as positions × channels, by repeated squaring of AᵀA; signed
     * so that the sum is positive, then clipped at zero.
     */
    private static Value firstDirection(GraphBuilder b, Value maps, LayerMaps layer) {
        long channels = layer.channels();
        long height = layer.height();
        long width = layer.width();
        Value rows = b.node("Reshape", maps, b.vector(0, channels, height * width));
        Value columns = b.node("Transpose", Attributes.NONE.with("perm", 0, 2, 1), rows);
        Value moment = scaled(b, b.node("MatMul", rows, columns));
        for (int i = 0; i < SQUARINGS; i++) {
            moment = scaled(b, b.node("MatMul", moment, moment));
        }
        Value start = b.node("ReduceSum", Attributes.NONE.with("keepdims", 1), rows, b.vector(2));
        Value vector = b.node("MatMul", moment, start);
        Value length = b.node("ReduceL2", Attributes.NONE.with("keepdims", 1), vector, b.vector(1));
        Value unit = b.node("Div", vector, b.node("Add", length, b.constant(1e-30f)));
        Value projection = b.node("MatMul", columns, unit);
        Value sign = b.node("Sign", b.node("ReduceSum", projection, b.vector(1)));
        Value shaped = b.node("Reshape", b.node("Mul", projection, sign), b.vector(0, 1, height, width));
        return b.node("Relu", shaped);
    }

    /** Divided by its largest element, so that squaring neither overflows nor vanishes. */
    private static Value scaled(GraphBuilder b, Value matrix) {
        Value largest = b.node("ReduceMax", Attributes.NONE.with("keepdims", 1), b.node("Abs", matrix), b.vector(1, 2));
        return b.node("Div", matrix, b.node("Add", largest, b.constant(1e-30f)));
    }

    private static boolean isLinear(Node node) {
        Operator row = OperatorTable.row(node);
        return row.kind() == Operator.Kind.LINEAR
                || row.role() == Role.MEAN
                || row.isAddition()
                || row.space() == Space.PADDING
                || row.effect() == Effect.NONE
                || row.keepsEachNumber() && !row.effect().passesNumbers();
    }

    private static void requireLinearHead(Graph graph, Value maps, Model model) {
        Set<Value> dependent = new HashSet<>(Set.of(maps));
        for (Node node : new Cut(List.of(model.head().anchor())).apply(graph).nodes()) {
            if (node.inputs().stream().anyMatch(dependent::contains)) {
                if (!isLinear(node)) {
                    throw VitrineException.usage("Method cam needs a head of average pooling and linear layers, but "
                            + node.label() + " stands between '" + maps
                            + "' and the class scores. Use grad-cam, or a layer nearer to the head.");
                }
                dependent.addAll(node.outputs());
            }
        }
    }
}
