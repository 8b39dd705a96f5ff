package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Table;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ReceptiveField;
import dev.vitrine.lens.model.anatomy.Anatomy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code vitrine layers}: a table of a network's layers. */
@Command(
        name = "layers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Lists the layers of a network by the names that other commands take.",
        description = {
            "%nA layer goes by its name, by its short name, which is the same for the same file, or by a part of its name"
                    + " that no other layer has.",
            "%nfield: how many pixels of the picture a place of the layer can see (height × width); stride: how far"
                    + " apart the fields of neighbors lie. explain: 'map' where class activation maps can be drawn"
                    + " (--layer), 'unit' where its channels and neurons can be explained (--unit); '*' marks the layer"
                    + " that class activation maps take without --layer.%n",
            "  vitrine layers",
            "  vitrine layers net.onnx --json%n"
        })
public final class LayersCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "[MODEL]",
            arity = "0..1",
            hideParamSyntax = true,
            description = "The network, in place of --model.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private ModelOptions models;

    private final Terminal terminal;
    private final Stop stop;

    public LayersCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    /** One line of the table. */
    private record Layer(
            Value value,
            Optional<String> alias,
            Node node,
            Optional<TensorType> type,
            long parameters,
            ReceptiveField field,
            boolean map,
            boolean unit) {}

    @Override
    public Integer call() {
        models.after(words, 0);
        try (OpenModel open = models.openForTensor(terminal, stop, (card, type) -> card)) {
            Model model = open.model();
            Anatomy layers = model.anatomy();
            List<Layer> all = all(model, layers);
            Optional<Value> usual = usual(layers);
            if (json) {
                terminal.pages().println(json(model, all, usual));
            } else {
                table(all, usual).forEach(terminal.out()::println);
                long parameters = all.stream().mapToLong(Layer::parameters).sum();
                terminal.out()
                        .println(model.name() + ": " + all.size() + " layers, " + parameters + " parameters, "
                                + model.classes() + " classes");
                terminal.out()
                        .println("output '" + model.head().output() + "': "
                                + model.head().summary());
            }
            return 0;
        }
    }

    private static Optional<Value> usual(Anatomy layers) {
        try {
            return Optional.of(layers.lastMaps().value());
        } catch (VitrineException none) {
            return Optional.empty();
        }
    }

    private static List<Layer> all(Model model, Anatomy layers) {
        Graph graph = model.graph();
        Map<Value, ReceptiveField> fields = ReceptiveField.of(model);
        Set<Value> counted = new HashSet<>();
        return layers.all().stream()
                .map(value -> {
                    Node node = layers.node(value);
                    boolean spatial = layers.maps(value).isPresent();
                    return new Layer(
                            value,
                            layers.alias(value),
                            node,
                            graph.type(value),
                            parameters(node, graph, counted),
                            fields.get(value),
                            spatial && layers.isReachedFromScores(value),
                            layers.reachesPicture(value));
                })
                .toList();
    }

    /** Weights that the node reads and no earlier one did; a single number, such as the share of a dropout, is a setting. */
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

    private List<String> table(List<Layer> layers, Optional<Value> usual) {
        Table table = new Table("layer", "short name", "operator", "shape", "parameters", "field", "stride", "explain");
        for (Layer layer : layers) {
            boolean isUsual = usual.filter(layer.value()::equals).isPresent();
            String explain = (layer.map() ? "map " : "") + (layer.unit() ? "unit" : "");
            table.row(
                    layer.value().name() + (isUsual ? " *" : ""),
                    layer.alias().orElse(""),
                    layer.node().operator(),
                    layer.type().map(LayersCommand::shape).orElse("?"),
                    layer.parameters() == 0 ? "" : Long.toString(layer.parameters()),
                    layer.field().size(),
                    layer.field().stride(),
                    explain.strip());
        }
        return table.lines(terminal.columns());
    }

    private static String shape(TensorType type) {
        return type.dimensions().stream()
                .map(dimension -> dimension.isFixed() ? Long.toString(dimension.size()) : dimension.symbol())
                .collect(Collectors.joining("×"));
    }

    private static String json(Model model, List<Layer> layers, Optional<Value> usual) {
        JsonMapper mapper = new JsonMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("format", 1);
        root.put("model", model.name());
        root.put("sha256", model.sha256().toString());
        root.put("input", model.input().name());
        root.put("classes", model.classes());
        root.put("output", model.head().output());
        root.put("head", model.head().words());
        usual.ifPresent(value -> root.put("defaultLayer", value.name()));
        ArrayNode array = root.putArray("layers");
        for (Layer layer : layers) {
            ObjectNode node = array.addObject();
            node.put("name", layer.value().name());
            layer.alias().ifPresent(alias -> node.put("alias", alias));
            node.put("node", layer.node().name());
            node.put("operator", layer.node().operator());
            ArrayNode shape = node.putArray("shape");
            layer.type()
                    .ifPresent(type -> type.dimensions().forEach(dimension -> {
                        if (dimension.isFixed()) {
                            shape.add(dimension.size());
                        } else {
                            shape.add(dimension.symbol());
                        }
                    }));
            node.put("parameters", layer.parameters());
            layer.field().window().ifPresent(window -> {
                ObjectNode field = node.putObject("receptiveField");
                field.put("height", window.height());
                field.put("width", window.width());
                field.put("strideY", window.strideY());
                field.put("strideX", window.strideX());
            });
            node.put("seesWholePicture", layer.field().isWhole());
            node.put("map", layer.map());
            node.put("unit", layer.unit());
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }
}
