package dev.vitrine.lens.model;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.operator.OperatorTable;
import dev.vitrine.engine.operator.property.Space;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.lens.model.card.ModelCard;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model for pictures of another size: convolutions accept any size, a fully connected layer does not. */
public final class ModelAtSize {
    private ModelAtSize() {}

    /**
     * The model at another size, up to its class scores, or only up to the given layers if the path from there to the
     * scores allows one size only; its graph then has no {@link Model#logits()}.
     *
     * @param layers that are required; the class scores if empty
     */
    public static Model of(Model model, int width, int height, List<Value> layers) {
        Preprocessing own = model.preprocessing();
        if (own.width() == width && own.height() == height) {
            return model;
        }
        try {
            return resized(model, width, height, model.graph().outputs());
        } catch (VitrineException whole) {
            if (layers.isEmpty()) {
                throw whole;
            }
        }
        return resized(model, width, height, layers);
    }

    private static Model resized(Model model, int width, int height, List<Value> outputs) {
        Graph part = new Cut(outputs).apply(model.graph());
        part.nodes().stream()
                .filter(node -> OperatorTable.row(node).space() == Space.RESAMPLING
                        && node.input(3).isPresent())
                .findFirst()
                .ifPresent(node -> {
                    throw refusal(model, width, height, node.label() + " has a fixed size", outputs);
                });
        Layout layout = model.preprocessing().layout();
        Map<Value, TensorType> types = new LinkedHashMap<>();
        TensorType input = model.graph()
                .types()
                .get(model.input())
                .withDimension(layout.heightAxis(), Dimension.of(height))
                .withDimension(layout.widthAxis(), Dimension.of(width));
        part.inputs()
                .forEach(value -> types.put(
                        value,
                        value.equals(model.input()) ? input : part.types().get(value)));
        Graph inferred;
        try {
            inferred = TypeInference.infer(part.withTypes(types));
        } catch (VitrineException cause) {
            throw refusal(model, width, height, cause.getMessage(), outputs);
        }
        Optional<Value> unfit = outputs.stream()
                .filter(output -> !fits(
                        model.graph().types().get(output), inferred.types().get(output)))
                .findFirst();
        if (unfit.isPresent()) {
            throw refusal(model, width, height, "'" + unfit.get() + "' then has no size", outputs);
        }
        return model.withGraph(inferred).withCard(card(model, width, height));
    }

    /** Whether the batch and the number of channels or classes are unchanged. */
    private static boolean fits(TensorType before, TensorType after) {
        return after != null
                && after.rank() == before.rank()
                && after.dimension(0).equals(before.dimension(0))
                && after.dimensions().stream().skip(1).allMatch(size -> size.isFixed() && size.size() > 0)
                && (after.rank() != 2 || after.dimension(1).equals(before.dimension(1)));
    }

    private static ModelCard card(Model model, int width, int height) {
        ModelCard card = model.card();
        Preprocessing own = card.preprocessing();
        Preprocessing preprocessing = new Preprocessing(
                width, height, own.fit(), own.resampling(), own.channels(), own.layout(), own.normalization());
        return card.withPreprocessing(preprocessing);
    }

    private static VitrineException refusal(Model model, int width, int height, String found, List<Value> outputs) {
        Preprocessing own = model.preprocessing();
        return VitrineException.usage("Model '" + model.name() + "' does not run on pictures of " + width + "×" + height
                + " pixels up to '" + outputs.get(0) + "': " + found
                + "; expected only convolutions and pooling"
                + " up to there. Use its own size, " + own.width() + "×" + own.height() + ", or an earlier layer.");
    }
}
