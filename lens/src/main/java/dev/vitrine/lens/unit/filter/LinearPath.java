package dev.vitrine.lens.unit.filter;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.NeuronScore;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.unit.ChannelLayer;
import java.util.List;
import java.util.Set;

/**
 * The weights of a unit over the pixels of the input along the linear path: the network with every rectifier left out
 * and every maximum of a pooling taken as a mean, so that it is one linear map; its row for the unit is ∂unit/∂x. Values
 * that are multiplied with one another count as they do for an input of zeros.
 */
public final class LinearPath implements AutoCloseable {
    private static final Set<String> RECTIFIERS = Set.of(
            "Relu",
            "LeakyRelu",
            "PRelu",
            "Elu",
            "Selu",
            "Gelu",
            "Sigmoid",
            "Tanh",
            "Softplus",
            "HardSigmoid",
            "HardSwish",
            "Mish",
            "Clip",
            "Dropout");

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
        if (RECTIFIERS.contains(node.operator())) {
            return new Node(
                    node.name(),
                    "",
                    "Identity",
                    List.of(node.input(0)),
                    node.outputs().subList(0, 1),
                    Attributes.NONE);
        }
        if (node.operator().equals("MaxPool")) {
            Attributes attributes = node.attributes().without("storage_order").with("count_include_pad", 1);
            return new Node(
                    node.name(),
                    "",
                    "AveragePool",
                    node.inputs(),
                    node.outputs().subList(0, 1),
                    attributes);
        }
        if (node.operator().equals("GlobalMaxPool")) {
            return new Node(node.name(), "", "GlobalAveragePool", node.inputs(), node.outputs(), node.attributes());
        }
        return node;
    }

    /** The weights of one place of a channel, in the shape of the input with batch 1. */
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
