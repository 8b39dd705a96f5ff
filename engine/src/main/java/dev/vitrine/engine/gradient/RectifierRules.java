package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.BackwardContext;
import dev.vitrine.engine.operator.BackwardRule;
import dev.vitrine.engine.operator.InputGradients;
import dev.vitrine.engine.operator.OperatorTable;
import java.util.List;

/** Sets of rules that differ from the derivative at rectifiers only. */
public final class RectifierRules {
    private static final NodeSelector RECTIFIERS = NodeSelector.operators(
            "Relu",
            "LeakyRelu",
            "PRelu",
            "ThresholdedRelu",
            "Elu",
            "Selu",
            "Celu",
            "Clip",
            "HardSwish",
            "Gelu",
            "Mish",
            "Softplus");

    /** dx = f'(x) ⊙ max(dy, 0). Springenberg et al. 2014, arXiv:1412.6806. */
    public static final BackwardRules GUIDED = BackwardRules.PLAIN.with(RECTIFIERS, RectifierRules::guided);

    /**
     * dx = f(dy) for a piecewise linear rectifier f, and max(dy, 0) for a smooth one: the signal on its way back is
     * rectified as the signal on its way up was. Zeiler & Fergus 2013, arXiv:1311.2901.
     */
    public static final BackwardRules DECONVNET = BackwardRules.PLAIN
            .with(RECTIFIERS, RectifierRules::rectified)
            .with(NodeSelector.operators("LeakyRelu"), RectifierRules::leakyRectified);

    private RectifierRules() {}

    /**
     * The gradient of a loss that gets past some rectifiers which are off where it asks for more: dx = dy where y > 0,
     * else min(dy, 0). For units that nothing in a picture excites yet. Olah et al. 2017, doi:10.23915/distill.00007.
     */
    public static BackwardRules redirected(NodeSelector rectifiers) {
        return BackwardRules.PLAIN.with(RECTIFIERS.and(rectifiers), RectifierRules::redirected);
    }

    private static InputGradients guided(Node node, List<Value> gradients, BackwardContext context) {
        BackwardRule derivative = OperatorTable.find(node).orElseThrow().rule();
        return derivative.emit(node, List.of(context.node("Relu", gradients.get(0))), context);
    }

    private static InputGradients rectified(Node node, List<Value> gradients, BackwardContext context) {
        return InputGradients.of(context.node("Relu", gradients.get(0)));
    }

    private static InputGradients leakyRectified(Node node, List<Value> gradients, BackwardContext context) {
        Attributes alpha = Attributes.NONE.with("alpha", node.attributes().real("alpha", 0.01f));
        return InputGradients.of(context.node("LeakyRelu", alpha, gradients.get(0)));
    }

    private static InputGradients redirected(Node node, List<Value> gradients, BackwardContext context) {
        Value gradient = gradients.get(0);
        Value asking = context.node("Min", gradient, context.zero());
        Value on = context.node("Greater", node.output(), context.zero());
        return InputGradients.of(context.where(on, gradient, asking));
    }
}
