package dev.vitrine.lens.model;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.model.preprocessing.Layout;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The layers of a model by the names that people use. */
public final class Layers {
    private final Model model;
    private final Set<Value> dependent;
    private final List<Value> all;
    private final MapLayouts layouts;
    private final LastMaps lastMaps;
    private final LayerAliases aliases;
    private final TokenGrids grids;

    public Layers(Model model) {
        this.model = model;
        this.dependent = dependent(model);
        this.all = dependent.stream().filter(this::isFloat).toList();
        this.layouts = new MapLayouts(model);
        this.lastMaps = new LastMaps(model, dependent, this::isSpatial);
        this.aliases = new LayerAliases(model.graph(), dependent);
        this.grids = new TokenGrids(model.graph(), dependent, layouts);
    }

    /** What is computed from the picture, in order. */
    private static Set<Value> dependent(Model model) {
        Set<Value> dependent = new LinkedHashSet<>(List.of(model.input()));
        for (Node node : model.graph().nodes()) {
            if (!OperatorTable.row(node).isSizeOnly() && node.reads().stream().anyMatch(dependent::contains)) {
                node.outputs().stream().filter(Value::isPresent).forEach(dependent::add);
            }
        }
        dependent.remove(model.input());
        return dependent;
    }

    /** The outputs of all nodes that depend on the picture, in order. */
    public List<Value> all() {
        return all;
    }

    private boolean isFloat(Value value) {
        return model.graph()
                .type(value)
                .filter(type -> type.elementType() == ElementType.FLOAT32)
                .isPresent();
    }

    /**
     * The layer that a text means: a value's name, the name of the node that computes it, its {@link #alias}, or a part of
     * one of these names that no other layer has. A usage error lists the layers that an ambiguous part fits.
     */
    public Value find(String name) {
        return new LayerNames(model, all, aliases).find(name);
    }

    /**
     * A layer's short name, such as {@code conv4} or {@code block3.add}; none where that is the name of another layer. It
     * depends on the file alone.
     */
    public Optional<String> alias(Value layer) {
        return aliases.of(layer);
    }

    /**
     * Whether a value is a stack of maps {@code f32[N,C,h,w]} with more than one place; {@code f32[N,C,l]} and
     * {@code f32[N,C,d,h,w]} too where the model takes no pictures.
     */
    public boolean isSpatial(Value value) {
        TensorType type = model.graph().types().get(value);
        return type != null
                && (type.rank() == 4 || type.rank() > 2 && type.rank() < 6 && !model.takesPictures())
                && layouts.isChannelsFirst(value)
                && type.dimensions().stream().skip(2).allMatch(Dimension::isFixed)
                && type.dimensions().stream().skip(2).anyMatch(size -> size.size() > 1);
    }

    /** How the numbers of a layer lie at places of the picture, where they do and there is more than one place. */
    public Optional<LayerMaps> maps(Value value) {
        Optional<TensorType> found = model.graph().type(value);
        if (found.isEmpty() || !dependent.contains(value)) {
            return Optional.empty();
        }
        TensorType type = found.get();
        boolean fixed =
                type.rank() > 2 && type.dimensions().stream().skip(1).allMatch(dimension -> dimension.isFixed());
        if (!fixed) {
            return Optional.empty();
        }
        Dimension batch = type.dimension(0);
        if (type.rank() != 4 && isSpatial(value)) {
            return Optional.of(LayerMaps.ofAxes(value, type));
        }
        if (type.rank() == 3) {
            return grids.of(value)
                    .map(grid -> new LayerMaps(
                            value,
                            LayerMaps.Form.TOKENS,
                            batch,
                            (int) type.dimension(2).size(),
                            grid.height(),
                            grid.width(),
                            grid.before()));
        }
        return layouts.of(value)
                .filter(layout -> type.rank() == 4)
                .map(layout -> new LayerMaps(
                        value,
                        layout == Layout.NCHW ? LayerMaps.Form.CHANNELS_FIRST : LayerMaps.Form.CHANNELS_LAST,
                        batch,
                        (int) type.dimension(layout.channelAxis()).size(),
                        (int) type.dimension(layout.heightAxis()).size(),
                        (int) type.dimension(layout.widthAxis()).size(),
                        0))
                .filter(maps -> maps.height() * maps.width() > 1);
    }

    /**
     * The layer of class activation maps: tokens of places where a network turns its maps into such and goes on with them
     * block by block; else the {@link #lastSpatial() maps that the head reads}.
     */
    public LayerMaps lastMaps() {
        Optional<LayerMaps> tokens =
                grids.last(lastMaps.ancestors(model.head().anchor())).flatMap(this::maps);
        return tokens.orElseGet(() -> maps(lastSpatial()).orElseThrow());
    }

    /** The last layer with places at or before a layer. */
    public LayerMaps lastMaps(Value layer) {
        Optional<LayerMaps> own = maps(layer);
        if (own.isPresent()) {
            return own.get();
        }
        if (layer.equals(model.logits())) {
            return lastMaps();
        }
        Optional<LayerMaps> tokens = grids.last(lastMaps.ancestors(layer)).flatMap(this::maps);
        return tokens.orElseGet(() -> maps(lastSpatial(layer)).orElseThrow());
    }

    /**
     * The maps that the head reads. The head is found by what the graph does: pooling over all places, flattening, dense
     * layers, and a 1×1 convolution that only averaging and reshaping follow.
     */
    public Value lastSpatial() {
        return lastMaps.maps(model.head().anchor())
                .orElseThrow(() -> VitrineException.usage("Model '" + model.name()
                        + "' has no layer with height and width; expected one for a class activation map. "
                        + "Use a pixel method such as gradient or integrated-gradients."));
    }

    /** The last maps at or before a layer, which itself may have none. */
    public Value lastSpatial(Value layer) {
        if (layer.equals(model.logits())) {
            return lastSpatial();
        }
        return lastMaps.mapsOf(layer)
                .orElseThrow(() -> VitrineException.usage("Model '" + model.name()
                        + "' has no layer with height and width at or before '" + layer
                        + "'; expected one for a class activation map. "
                        + "Use a pixel method such as gradient or integrated-gradients."));
    }

    /** Whether one layer is computed from another, or is it. */
    public boolean reaches(Value from, Value to) {
        return lastMaps.reaches(from, to);
    }
}
