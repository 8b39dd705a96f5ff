package dev.vitrine.lens.unit.filter;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.NeuronScore;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import java.util.List;

/**
 * The weights of a unit over the input pixels in the linearized network: without rectifiers, and with max pooling
 * replaced by average pooling, it is one linear map, whose row for the unit is ∂unit/∂x. Factors of products are
 * evaluated at an input of zeros.
 */
public final class LinearPath implements AutoCloseable {
    private final ModelSession session;

    public LinearPath(ModelSession whole) {
        Model model = whole.model();
        session = new ModelSession(model.withGraph(linear(model.graph())), whole.runner());
    }

    private static Graph linear(Graph graph) {
        List<Node> nodes = graph.nodes().stream().map(LinearPath::linear).toList();
        return new Graph(graph.inputs(), graph.outputs(), nodes, graph.constants(), graph.types(), graph.opsets());
    }

    private static Node linear(Node node) {
        Operator row = OperatorTable.row(node);
        boolean element = row.space() == Space.POINTWISE;
        if (element && (row.role().isNonlinearity() || row.effect() == Effect.NONE)) {
            return new Node(
                    node.name(),
                    "",
                    "Identity",
                    List.of(node.input(0)),
                    node.outputs().subList(0, 1),
                    Attributes.NONE);
        }
        if (row.isMaxPooling() && row.space() == Space.WINDOW) {
            Attributes attributes = node.attributes().without("storage_order").with("count_include_pad", 1);
            return new Node(
                    node.name(),
                    "",
                    "AveragePool",
                    node.inputs(),
                    node.outputs().subList(0, 1),
                    attributes);
        }
        if (row.isMaxPooling()) {
            return new Node(node.name(), "", "GlobalAveragePool", node.inputs(), node.outputs(), node.attributes());
        }
        return node;
    }

    /** The weights of one position of a channel, in the shape of the input with batch 1. */
    public Tensor weights(ChannelLayer layer, int channel, int row, int column) {
        layer.requireChannel(channel);
        long neuron = ((long) channel * layer.height() + row) * layer.width() + column;
        Tensor zeros = Tensor.zeros(ElementType.FLOAT32, session.model().sampleShape());
        return session.explainer(new Gradient(Gradient.Kind.PLAIN), new NeuronScore(layer.value()))
                .explain(zeros, ModelSession.targets(neuron), Progress.NONE)
                .attribution();
    }

    @Override
    public void close() {
        session.close();
    }
}
