package dev.vitrine.lens.model;

import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.lens.model.anatomy.Anatomy;
import dev.vitrine.lens.model.anatomy.Body;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.head.Head;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.Optional;

/** A network ready for analysis. */
public final class Model {
    private final String name;
    private final Sha256 sha256;
    private final Graph graph;
    private final Value input;
    private final Value logits;
    private final Value output;
    private final Head head;
    private final ModelCard card;

    /** Computed on first use; concurrent computations give equal results. */
    private volatile Optional<Anatomy> anatomy = Optional.empty();

    /**
     * A model.
     *
     * @param name for display
     * @param sha256 of its file
     * @param graph in float32, with fixed height and width and the types of all values; logits and output are its
     *     outputs
     * @param input {@code f32[N,C,H,W]} or {@code f32[N,H,W,C]}; other shapes for tensor inputs
     * @param logits the score of each class, {@code f32[N,classes]}: logits where they can be reached, see {@link Head}
     * @param output the output of the file: the logits, or probabilities computed from them
     * @param head the meaning of the output
     * @param card what the file does not specify
     */
    public Model(
            String name,
            Sha256 sha256,
            Graph graph,
            Value input,
            Value logits,
            Value output,
            Head head,
            ModelCard card) {
        this.name = name;
        this.sha256 = sha256;
        this.graph = graph;
        this.input = input;
        this.logits = logits;
        this.output = output;
        this.head = head;
        this.card = card;
    }

    public String name() {
        return name;
    }

    public Sha256 sha256() {
        return sha256;
    }

    public Graph graph() {
        return graph;
    }

    public Value input() {
        return input;
    }

    public Value logits() {
        return logits;
    }

    public Value output() {
        return output;
    }

    public Head head() {
        return head;
    }

    public ModelCard card() {
        return card;
    }

    /** The network's structure: layers, stages and head. */
    public Anatomy anatomy() {
        Optional<Anatomy> known = anatomy;
        if (known.isEmpty()) {
            known = Optional.of(new Anatomy(
                    new Body(name, graph, input, logits, head, preprocessing().layout())));
            anatomy = known;
        }
        return known.get();
    }

    /** The model with another graph that has the same values. */
    public Model withGraph(Graph newGraph) {
        return new Model(name, sha256, newGraph, input, logits, output, head, card);
    }

    public Model withCard(ModelCard newCard) {
        return new Model(name, sha256, graph, input, logits, output, head, newCard);
    }

    /** Number and name of a class; only the name for a binary head or a single number. */
    public String display(int index) {
        return head.isBinary() || classes() == 1 ? labels().name(index) : labels().display(index);
    }

    /** The batch dimension: open for most models, fixed for those exported so. */
    public Dimension batch() {
        return graph.types().get(input).dimension(0);
    }

    public long classes() {
        return graph.types().get(logits).dimension(1).size();
    }

    public Preprocessing preprocessing() {
        return card.preprocessing();
    }

    public Labels labels() {
        return card.labels();
    }

    /** Shape of one sample's input, batch 1. */
    public long[] sampleShape() {
        long[] shape = graph.types().get(input).shape();
        shape[0] = 1;
        return shape;
    }

    /** Whether the input is a batch of pictures; other inputs take tensors from programs. */
    public boolean takesPictures() {
        return graph.types().get(input).rank() == 4;
    }

    /** Number of color channels of the input. */
    public int channels() {
        return preprocessing().channels().count();
    }
}
