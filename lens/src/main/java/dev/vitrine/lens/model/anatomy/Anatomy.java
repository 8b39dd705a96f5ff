package dev.vitrine.lens.model.anatomy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Node;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.Operator;
import dev.vitrine.engine.operator.Operator.Kind;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Effect;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.lens.model.preprocessing.Layout;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The structure of a network, derived once from its graph: its layers by name, which of them are feature maps, its
 * stages and the joints between them, and where its head begins. Default layers are chosen here.
 */
public final class Anatomy {
    private static final Set<Kind> RESPONSES = EnumSet.of(Kind.ACTIVATION, Kind.POOLING);

    private final Body model;
    private final Set<Value> dependent;
    private final List<Value> all;
    private final Map<Value, Node> producers;
    private final Map<Value, List<Node>> readers;
    private final MapLayouts layouts;
    private final LastMaps lastMaps;
    private final LayerAliases aliases;
    private final TokenGrids grids;
    private final Memo<Spine> spine;
    private final Memo<GradientReach> reach;

    public Anatomy(Body model) {
        this.model = model;
        this.dependent = dependent(model);
        this.all = dependent.stream().filter(this::isFloat).toList();
        this.producers = model.graph().producers();
        this.readers = model.graph().consumers();
        this.layouts = new MapLayouts(model);
        this.lastMaps = new LastMaps(model, dependent, this::isSpatial);
        this.aliases = new LayerAliases(model.graph(), dependent);
        this.grids = new TokenGrids(model.graph(), dependent, layouts);
        this.spine = new Memo<>(() -> new Spine(model.graph(), model.input(), model.logits()));
        this.reach = new Memo<>(() -> new GradientReach(model));
    }

    /** The values computed from the picture, in order. */
    private static Set<Value> dependent(Body model) {
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
     * The layer identified by a text: a value's name, the name of the node that computes it, its {@link #alias}, or a
     * part of one of these names that matches no other layer. For an ambiguous part, a usage error lists the matching
     * layers.
     */
    public Value find(String name) {
        return new LayerNames(model, all, aliases).find(name);
    }

    /**
     * A layer's short name, such as {@code conv4} or {@code block3.add}; empty if that is the name of another layer. It
     * depends only on the file.
     */
    public Optional<String> alias(Value layer) {
        return aliases.of(layer);
    }

    /**
     * Whether a value is a stack of feature maps {@code f32[N,C,h,w]} with more than one position; {@code f32[N,C,l]}
     * and {@code f32[N,C,d,h,w]} too if the model's input is not a picture.
     */
    public boolean isSpatial(Value value) {
        TensorType type = model.graph().types().get(value);
        return type != null
                && (type.rank() == 4 || type.rank() > 2 && type.rank() < 6 && !model.takesPictures())
                && layouts.isChannelsFirst(value)
                && type.dimensions().stream().skip(2).allMatch(Dimension::isFixed)
                && type.dimensions().stream().skip(2).anyMatch(size -> size.size() > 1);
    }

    /** The spatial layout of a layer's values, if they have more than one position in the picture. */
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
     * The layer for class activation maps: spatial tokens if the network converts its maps to tokens and processes them
     * block by block; else the {@link #lastSpatial() maps that the head reads}.
     */
    public LayerMaps lastMaps() {
        Optional<LayerMaps> tokens =
                grids.last(lastMaps.ancestors(model.head().anchor())).flatMap(this::maps);
        return tokens.orElseGet(() -> maps(lastSpatial()).orElseThrow());
    }

    /** The last spatial layer at or before a layer. */
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
     * The maps that the head reads. The head is recognized in the graph: pooling over all positions, flattening, dense
     * layers, and a 1×1 convolution followed only by averaging and reshaping.
     */
    public Value lastSpatial() {
        return lastMaps.maps(model.head().anchor())
                .orElseThrow(() -> VitrineException.usage("Model '" + model.name()
                        + "' has no layer with height and width; expected one for a class activation map. "
                        + "Use a pixel method such as gradient or integrated-gradients."));
    }

    /** The last maps at or before a layer, which need not be spatial itself. */
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

    /** Whether one layer is, or is computed from, another. */
    public boolean reaches(Value from, Value to) {
        return lastMaps.reaches(from, to);
    }

    /** The node that computes a layer. */
    public Node node(Value layer) {
        return producers.get(layer);
    }

    /** Layers with weights and the operators after each, from the picture to the class scores, including the head. */
    public List<Stage> stages() {
        return spine.get().stages();
    }

    /** The values on every path from the picture to the class scores, in order, including both ends. */
    public List<Value> joints() {
        return spine.get().joints();
    }

    /** The part of the graph that computes the class scores. */
    public Graph toScores() {
        return spine.get().graph();
    }

    /** Whether a value lies on a path from the picture to the class scores. */
    public boolean isOnTheWay(Value value) {
        return spine.get().isComputed(value);
    }

    /** The index of a value in {@link #toScores()}; −1 for the picture. */
    public int order(Value value) {
        return spine.get().order(value);
    }

    /** Names of the nodes with weights that a value depends on. */
    public Set<String> weightsAbove(Value value) {
        return spine.get().weightsAbove(value);
    }

    /** The last value of the unbranched chain of normalizations and activations after a value. */
    public Value end(Value value) {
        return spine.get().end(value);
    }

    /** The head: the nodes between the maps that it reads and the scores, in order. */
    public List<Node> head() {
        return lastMaps.between(lastSpatial(), model.head().anchor());
    }

    /** Layers with learned weights, from the class scores down. A usage error if there are none. */
    public List<LearnedLayer> learned() {
        List<LearnedLayer> layers = LearnedLayer.fromTheTop(model.graph());
        if (layers.isEmpty()) {
            throw VitrineException.usage("Model '" + model.name()
                    + "' has no layer with constant float32 weights to randomize; expected convolutions or matrix"
                    + " products. A quantized model must be exported in float32 first.");
        }
        return layers;
    }

    /** The last stack of maps of each size, from the largest maps to the smallest, without the head. */
    public List<Value> scales() {
        Value last = lastSpatial();
        Map<List<Long>, Value> scales = new LinkedHashMap<>();
        for (Value layer : all) {
            if (isSpatial(layer)) {
                TensorType type = model.graph().types().get(layer);
                List<Long> size =
                        List.of(type.dimension(2).size(), type.dimension(3).size());
                scales.remove(size);
                scales.put(size, layer);
            }
            if (layer.equals(last)) {
                break;
            }
        }
        return List.copyOf(scales.values());
    }

    /** The scales that represent texture: all but the last, which represents objects. */
    public List<Value> textures() {
        List<Value> scales = scales();
        return scales.subList(0, Math.max(1, scales.size() - 1));
    }

    /** The scale that represents content: the last but one. */
    public Value content() {
        List<Value> textures = textures();
        return textures.get(textures.size() - 1);
    }

    /** The input of each convolution or matrix product, in order, and the class scores last. */
    public List<Value> steps() {
        Set<Value> known = Set.copyOf(all);
        Set<Value> read = new LinkedHashSet<>();
        for (Node node : model.graph().nodes()) {
            if (OperatorTable.row(node).kind() == Kind.LINEAR && known.contains(node.input(0))) {
                read.add(node.input(0));
            }
        }
        read.add(model.logits());
        return List.copyOf(read);
    }

    /** The outputs of activations and pooling, except those merely reshaped to the class scores. */
    public List<Value> responses() {
        return all.stream()
                .filter(layer -> RESPONSES.contains(
                        OperatorTable.row(producers.get(layer)).kind()))
                .filter(layer -> !isScores(layer))
                .toList();
    }

    /** Whether a value is merely reshaped to the class scores. */
    private boolean isScores(Value value) {
        Value current = model.logits();
        while (!current.equals(value)) {
            Node node = producers.get(current);
            Operator row = node == null ? null : OperatorTable.row(node);
            if (row == null || row.effect() != Effect.NONE && !row.space().keepsOrder()) {
                return false;
            }
            current = node.input(0);
        }
        return true;
    }

    /**
     * Whether a layer ranks pictures like another: it is read only by a normalization, a monotone activation or a
     * concatenation that writes one of these layers, or it is written by max pooling.
     */
    public boolean ranksAsAnother(Value layer, Set<Value> layers) {
        List<Node> next = readers.getOrDefault(layer, List.of());
        boolean repeated = next.size() == 1
                && ranksAlike(next.get(0))
                && layers.contains(next.get(0).output());
        Node producer = producers.get(layer);
        Operator row = OperatorTable.row(producer);
        boolean pooled = row.isMaxPooling()
                && row.space() == Space.WINDOW
                && !producer.input(0).equals(model.input());
        return repeated || pooled;
    }

    private static boolean ranksAlike(Node node) {
        Operator row = OperatorTable.row(node);
        return row.keepsOrder() || row.space() == Space.JOIN;
    }

    /** Whether a gradient of the class scores reaches a value. */
    public boolean isReachedFromScores(Value value) {
        return reach.get().fromScores().contains(value);
    }

    /** Whether the gradient of a value reaches the picture along every path. */
    public boolean reachesPicture(Value value) {
        return reach.get().toPicture().contains(value);
    }
}
