package dev.vitrine.engine.gradient;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.BackwardContext;
import dev.vitrine.engine.operator.BackwardRule;
import dev.vitrine.engine.operator.InputGradients;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Role;
import dev.vitrine.engine.rewrite.recognition.RectifierContext;
import java.util.List;

/** Sets of rules that differ from the derivative only at rectifiers. */
public final class RectifierRules {
    /** Rectifiers in any context. */
    private static final NodeSelector RECTIFIERS = role(Role.RECTIFIER);

    private static final NodeSelector GATED = role(Role.SELF_GATED);
    private static final NodeSelector CLIP = role(Role.BOUND);
    private static final NodeSelector SOFTPLUS = role(Role.SOFT_RECTIFIER);

    private RectifierRules() {}

    private static NodeSelector role(Role role) {
        return NodeSelector.of(operator -> operator.role() == role);
    }

    /** dx = f'(x) ⊙ max(dy, 0) at the rectifiers of a graph. Springenberg et al. 2014, arXiv:1412.6806. */
    public static BackwardRules guided(Graph graph) {
        return BackwardRules.PLAIN.with(rectifiers(graph), RectifierRules::guided);
    }

    /**
     * dx = f(dy) at the rectifiers of a graph for f = Relu, LeakyRelu and PRelu, and max(dy, 0) for the others: the
     * backward signal is rectified in the same way as the forward signal. Zeiler and Fergus 2013, arXiv:1311.2901.
     */
    public static BackwardRules deconvnet(Graph graph) {
        return BackwardRules.PLAIN
                .with(rectifiers(graph), RectifierRules::rectified)
                .with(NodeSelector.operators("LeakyRelu"), RectifierRules::leakyRectified)
                .with(NodeSelector.operators("PRelu"), RectifierRules::parametricRectified);
    }

    /**
     * Relu and its variants always; Clip from 0 and Softplus where they rectify the output of a linear layer. Gated
     * activations x · g(x) are not rectifiers and keep their derivative.
     */
    private static NodeSelector rectifiers(Graph graph) {
        RectifierContext context = new RectifierContext(graph);
        return node -> RECTIFIERS.selects(node)
                || (CLIP.selects(node) && context.isClippingRectifier(node))
                || (SOFTPLUS.selects(node) && context.rectifies(node.input(0), node.output()));
    }

    /**
     * The gradient of a loss that passes inactive rectifiers where it asks for more activation: dx = dy where y > 0,
     * else min(dy, 0). For units that are inactive at the start. Olah et al. 2017, doi:10.23915/distill.00007.
     */
    public static BackwardRules redirected(NodeSelector rectifiers) {
        NodeSelector any =
                node -> RECTIFIERS.selects(node) || GATED.selects(node) || CLIP.selects(node) || SOFTPLUS.selects(node);
        return BackwardRules.PLAIN.with(any.and(rectifiers), RectifierRules::redirected);
    }

    private static InputGradients guided(Node node, List<Value> gradients, BackwardContext context) {
        BackwardRule derivative = OperatorTable.derivative(node).orElseThrow();
        return derivative.emit(node, List.of(context.node("Relu", gradients.get(0))), context);
    }

    private static InputGradients rectified(Node node, List<Value> gradients, BackwardContext context) {
        return InputGradients.of(context.node("Relu", gradients.get(0)));
    }

    private static InputGradients leakyRectified(Node node, List<Value> gradients, BackwardContext context) {
        Attributes alpha = Attributes.NONE.with("alpha", node.attributes().real("alpha", 0.01f));
        return InputGradients.of(context.node("LeakyRelu", alpha, gradients.get(0)));
    }

    private static InputGradients parametricRectified(Node node, List<Value> gradients, BackwardContext context) {
        return InputGradients.of(context.node("PRelu", gradients.get(0), node.input(1)));
    }

    private static InputGradients redirected(Node node, List<Value> gradients, BackwardContext context) {
        Value gradient = gradients.get(0);
        Value asking = context.node("Min", gradient, context.zero());
        Value on = context.node("Greater", node.output(), context.zero());
        return InputGradients.of(context.where(on, gradient, asking));
    }
}
