package dev.vitrine.study.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ReceptiveField;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.study.Overview;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The layers of a network.
 *
 * @param defaultLayer the default layer for class activation maps
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record NetworkLayers(
        int format,
        String model,
        String sha256,
        String input,
        long classes,
        String output,
        String head,
        Optional<String> defaultLayer,
        List<Layer> layers) {
    private static final int FORMAT = 1;

    public NetworkLayers {
        layers = List.copyOf(layers);
    }

    /**
     * @param alias its short name
     * @param shape sizes, or names of dynamic dimensions; empty if unknown
     * @param parameters of weights not shared with an earlier layer
     * @param receptiveField of each position, unless it is the whole picture
     * @param map whether it supports class activation maps
     * @param unit whether its channels and neurons can be explained
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Layer(
            String name,
            Optional<String> alias,
            String node,
            String operator,
            List<Object> shape,
            long parameters,
            Optional<Field> receptiveField,
            boolean seesWholePicture,
            boolean map,
            boolean unit) {
        public Layer {
            shape = List.copyOf(shape);
        }

        private String fieldSize() {
            return receptiveField
                    .map(field -> field.height() + "×" + field.width())
                    .orElse(seesWholePicture ? "whole" : "?");
        }

        private String fieldStride() {
            return receptiveField
                    .map(field -> field.strideY() == field.strideX()
                            ? number(field.strideY())
                            : number(field.strideY()) + "×" + number(field.strideX()))
                    .orElse("");
        }

        private static String number(double value) {
            return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
        }
    }

    /** Receptive field in pixels, and the stride between adjacent positions. */
    public record Field(long height, long width, double strideY, double strideX) {}

    public static NetworkLayers of(Model model) {
        Anatomy layers = model.anatomy();
        Graph graph = model.graph();
        Map<Value, ReceptiveField> fields = ReceptiveField.of(model);
        Set<Value> counted = new HashSet<>();
        List<Layer> all = layers.all().stream()
                .map(value -> {
                    Node node = layers.node(value);
                    ReceptiveField field = fields.get(value);
                    return new Layer(
                            value.name(),
                            layers.alias(value),
                            node.name(),
                            node.operator(),
                            graph.type(value).map(NetworkLayers::shape).orElse(List.of()),
                            parameters(node, graph, counted),
                            field.window()
                                    .map(window -> new Field(
                                            window.height(), window.width(), window.strideY(), window.strideX())),
                            field.isWhole(),
                            layers.maps(value).isPresent() && layers.isReachedFromScores(value),
                            layers.reachesPicture(value));
                })
                .toList();
        return new NetworkLayers(
                FORMAT,
                model.name(),
                model.sha256().toString(),
                model.input().name(),
                model.classes(),
                model.head().output(),
                model.head().words(),
                usual(layers),
                all);
    }

    private static Optional<String> usual(Anatomy layers) {
        try {
            return Optional.of(layers.lastMaps().value().name());
        } catch (VitrineException none) {
            return Optional.empty();
        }
    }

    private static List<Object> shape(TensorType type) {
        return type.dimensions().stream()
                .<Object>map(dimension -> dimension.isFixed() ? dimension.size() : dimension.symbol())
                .toList();
    }

    /** Weights first read by this node; a scalar, such as a dropout rate, is a setting. */
    private static long parameters(Node node, Graph graph, Set<Value> counted) {
        return node.inputs().stream()
                .filter(input -> graph.constants().containsKey(input))
                .filter(input -> graph.constants().get(input).elementType().isFloating())
                .filter(counted::add)
                .map(graph.constants()::get)
                .filter(constant -> constant.rank() > 0)
                .mapToLong(Tensor::elements)
                .sum();
    }

    /** One row per layer. */
    public Overview overview() {
        Overview table =
                Overview.of("layer", "short name", "operator", "shape", "parameters", "field", "stride", "explain");
        for (Layer layer : layers) {
            String explain = (layer.map() ? "map " : "") + (layer.unit() ? "unit" : "");
            table = table.row(
                    layer.name() + (defaultLayer.filter(layer.name()::equals).isPresent() ? " *" : ""),
                    layer.alias().orElse(""),
                    layer.operator(),
                    layer.shape().isEmpty()
                            ? "?"
                            : layer.shape().stream().map(Object::toString).collect(Collectors.joining("×")),
                    layer.parameters() == 0 ? "" : Long.toString(layer.parameters()),
                    layer.fieldSize(),
                    layer.fieldStride(),
                    explain.strip());
        }
        long parameters = layers.stream().mapToLong(Layer::parameters).sum();
        return table.below(
                model + ": " + layers.size() + " layers, " + parameters + " parameters, " + classes + " classes");
    }
}
