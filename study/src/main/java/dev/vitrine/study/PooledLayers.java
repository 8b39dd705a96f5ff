package dev.vitrine.study;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.session.GraphKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network that outputs a feature vector for each of several layers: maps are averaged over the cells of a grid,
 * tokens over all positions, and layers without positions are used as they are.
 *
 * @param outputs the features of each layer, {@code f32[N,D]}, in the order of the layers
 */
public record PooledLayers(Graph graph, List<Features> features, List<Value> outputs) {
    public PooledLayers {
        features = List.copyOf(features);
        outputs = List.copyOf(outputs);
    }

    /**
     * Features of a layer.
     *
     * @param grid cells per side; 1 if the layer has no positions, or a single one
     * @param size features per picture
     */
    public record Features(Value layer, String operator, int grid, int size) {}

    private record Key(List<Features> features) implements GraphKey {}

    /** A name that distinguishes this graph from others of the same model. */
    public GraphKey key() {
        return new Key(features);
    }

    /**
     * The layers that end a stage of the network: the picture itself, activations, pooling, and the class scores. All
     * layers if the network has none of these.
     */
    public static List<Value> stages(Model model) {
        List<Value> stages = new ArrayList<>(List.of(model.input()));
        model.anatomy().responses().stream()
                .filter(layer -> form(layer, model).isPresent())
                .forEach(stages::add);
        stages.add(model.logits());
        return stages;
    }

    /** All layers from which features can be extracted, the picture first. */
    public static List<Value> all(Model model) {
        List<Value> all = new ArrayList<>(List.of(model.input()));
        model.anatomy().all().stream()
                .filter(layer -> form(layer, model).isPresent())
                .forEach(all::add);
        return all;
    }

    /** How a layer is pooled. */
    private enum Form {
        MAPS,
        TOKENS,
        ROW
    }

    private static Optional<Form> form(Value layer, Model model) {
        TensorType type = model.graph().types().get(layer);
        if (type == null
                || type.rank() < 2
                || !type.dimension(0).equals(model.batch())
                || !type.dimensions().stream().skip(1).allMatch(Dimension::isFixed)) {
            return Optional.empty();
        }
        boolean single =
                type.rank() == 4 && type.dimension(2).size() * type.dimension(3).size() == 1;
        if (type.rank() == 2 || single) {
            return Optional.of(Form.ROW);
        }
        boolean picture = layer.equals(model.input());
        if (type.rank() == 4 && (picture || model.anatomy().isSpatial(layer))) {
            return Optional.of(Form.MAPS);
        }
        return type.rank() == 3 ? Optional.of(Form.TOKENS) : Optional.empty();
    }

    /** Features of layers, each at every grid size that makes a difference. */
    public static PooledLayers of(Model model, List<Value> layers, List<Integer> grids) {
        Map<Value, Node> producers = model.graph().producers();
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("features");
        List<Features> features = new ArrayList<>();
        Map<Features, Value> outputs = new LinkedHashMap<>();
        for (int grid : grids) {
            for (Value layer : layers) {
                Form form = form(layer, model)
                        .orElseThrow(() -> VitrineException.usage("--layer " + layer + ": its shape is "
                                + model.graph().types().get(layer)
                                + "; expected maps [N, C, height, width], tokens [N, T, D] or a row [N, D]."));
                String operator = Optional.ofNullable(producers.get(layer))
                        .map(Node::operator)
                        .orElse("the picture");
                Row row = row(builder, model, layer, form, grid);
                Features taken = new Features(layer, operator, row.grid, row.size);
                if (outputs.putIfAbsent(taken, row.value) == null) {
                    features.add(taken);
                }
            }
        }
        features.sort((one, other) -> {
            int order = Integer.compare(layers.indexOf(one.layer()), layers.indexOf(other.layer()));
            return order != 0 ? order : Integer.compare(one.grid(), other.grid());
        });
        List<Value> values = features.stream().map(outputs::get).toList();
        return new PooledLayers(new Cut(values).apply(builder.build()), features, values);
    }

    private record Row(Value value, int grid, int size) {}

    private static Row row(GraphBuilder builder, Model model, Value layer, Form form, int grid) {
        TensorType type = model.graph().types().get(layer);
        return switch (form) {
            case ROW -> {
                int size = (int) type.dimension(1).size();
                yield new Row(flat(builder, model, layer, size), 1, size);
            }
            case TOKENS -> {
                int size = (int) type.dimension(2).size();
                Value mean = builder.node("ReduceMean", Attributes.NONE.with("keepdims", 0L), layer, builder.vector(1));
                yield new Row(flat(builder, model, mean, size), 1, size);
            }
            case MAPS -> maps(builder, model, layer, type, grid);
        };
    }

    private static Row maps(GraphBuilder builder, Model model, Value layer, TensorType type, int grid) {
        boolean last =
                layer.equals(model.input()) && model.preprocessing().layout().channelAxis() == 3;
        Value maps = last ? builder.node("Transpose", Attributes.NONE.with("perm", 0L, 3L, 1L, 2L), layer) : layer;
        int channels = (int) type.dimension(last ? 3 : 1).size();
        int height = (int) type.dimension(last ? 1 : 2).size();
        int width = (int) type.dimension(last ? 2 : 3).size();
        int cells = Math.min(grid, Math.min(height, width));
        Value pooled;
        if (cells == 1) {
            pooled = builder.node("GlobalAveragePool", maps);
        } else {
            Value across = builder.node("MatMul", maps, builder.constant("across", bins(width, cells, Side.RIGHT)));
            pooled = builder.node("MatMul", builder.constant("down", bins(height, cells, Side.LEFT)), across);
        }
        int size = channels * cells * cells;
        return new Row(flat(builder, model, pooled, size), cells, size);
    }

    private static Value flat(GraphBuilder builder, Model model, Value value, int size) {
        Value flat = builder.node("Flatten", Attributes.NONE.with("axis", 1L), value);
        builder.declare(flat, new TensorType(ElementType.FLOAT32, List.of(model.batch(), Dimension.of(size))));
        return flat;
    }

    private enum Side {
        LEFT,
        RIGHT
    }

    /** Pooling weights of positions in cells of equal width: {@code f32[cells,places]}, or its transpose. */
    private static Tensor bins(int places, int cells, Side side) {
        float[] shares = new float[places * cells];
        double width = (double) places / cells;
        for (int cell = 0; cell < cells; cell++) {
            for (int place = 0; place < places; place++) {
                double overlap = Math.min(place + 1, (cell + 1) * width) - Math.max(place, cell * width);
                int at = side == Side.LEFT ? cell * places + place : place * cells + cell;
                shares[at] = (float) (Math.max(0, overlap) / width);
            }
        }
        return side == Side.LEFT ? Tensor.floats(shares, cells, places) : Tensor.floats(shares, places, cells);
    }
}
