package dev.vitrine.study.embedding;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.file.FileName;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.rewrite.Prune;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.embedding.CodeExtraction.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Activations of layers for every picture, in one pass: one table per layer, in a file in the folder.
 *
 * @param folder where files are created, beside the parts that record their progress
 */
public record CodeExtraction(
        Model model, PictureList pictures, List<ChannelLayer> layers, Pooling pooling, Positions positions, Path folder)
        implements Survey<Rows, CodeTable> {
    private static final int FORMAT = 1;

    public CodeExtraction {
        layers = List.copyOf(layers);
        for (ChannelLayer layer : layers) {
            long rows = pooling == Pooling.POSITIONS
                    ? (long) pictures.size() * positions.of(layer).count()
                    : pictures.size();
            if (rows > Integer.MAX_VALUE) {
                throw VitrineException.usage("Layer '" + layer.name() + "' has " + rows + " positions in "
                        + pictures.size() + " pictures; expected at most " + Integer.MAX_VALUE
                        + " rows. Take fewer positions per picture.");
            }
        }
    }

    /** All positions, where positions are asked for. */
    public CodeExtraction(Model model, PictureList pictures, List<ChannelLayer> layers, Pooling pooling, Path folder) {
        this(model, pictures, layers, pooling, Positions.ALL, folder);
    }

    /** Predictions for some pictures; their codes are in the files. */
    public record Rows(List<CodeTable.Row> of) {}

    @Override
    public String id() {
        return "codes";
    }

    @Override
    public Question question() {
        Question question = Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("layers", layers.stream().map(ChannelLayer::name).toList())
                .with("pooling", pooling);
        return pooling == Pooling.POSITIONS ? question.with("positions", positions) : question;
    }

    @Override
    public Class<Rows> part() {
        return Rows.class;
    }

    List<CodeTable.Layer> files() {
        return layers.stream()
                .map(layer -> new CodeTable.Layer(
                        layer.name(), FileName.of(layer.name()) + ".npy", columns(layer), grid(layer)))
                .toList();
    }

    private Optional<Positions.Grid> grid(ChannelLayer layer) {
        return pooling == Pooling.POSITIONS ? Optional.of(positions.of(layer)) : Optional.empty();
    }

    private int columns(ChannelLayer layer) {
        return pooling == Pooling.WHOLE ? layer.channels() * layer.places() : layer.channels();
    }

    /** The network's class for each folder named after one. */
    private Map<String, Integer> truths() {
        Map<String, Integer> truths = new HashMap<>();
        IntStream.range(0, pictures.size())
                .mapToObj(pictures::className)
                .distinct()
                .filter(name -> !name.isEmpty())
                .forEach(name -> {
                    try {
                        int found = model.labels().findFolder(name);
                        if (found < model.classes()) {
                            truths.put(name, found);
                        }
                    } catch (VitrineException otherName) {
                        // Its pictures have no loss.
                    }
                });
        return truths;
    }

    @Override
    public Look<Rows> open(ModelSession session, int batch) {
        GraphBuilder builder = new GraphBuilder(model.graph()).scope("codes");
        builder.clearOutputs();
        List<Value> codes = layers.stream().map(layer -> code(builder, layer)).toList();
        Stream.concat(codes.stream(), Stream.of(model.logits())).distinct().forEach(builder::output);
        List<CodeFile> files = files().stream()
                .map(layer -> CodeFile.open(folder.resolve(layer.file()), layer.columns()))
                .toList();
        return new Looking(
                codes,
                files,
                truths(),
                session.runner()
                        .load(new Prune()
                                .then(new FixDimension(model.batch(), batch))
                                .apply(builder.build())));
    }

    private Value code(GraphBuilder builder, ChannelLayer layer) {
        if (!layer.isSpatial()) {
            return layer.value();
        }
        return switch (pooling) {
            case MEAN -> builder.node("GlobalAveragePool", layer.value());
            case MAX -> builder.node("GlobalMaxPool", layer.value());
            case POSITIONS -> builder.node("Transpose", Attributes.NONE.with("perm", 0, 2, 3, 1), layer.value());
            case WHOLE -> builder.node("Flatten", Attributes.NONE.with("axis", 1L), layer.value());
        };
    }

    private final class Looking implements Look<Rows> {
        private final List<Value> codes;
        private final List<CodeFile> files;
        private final Map<String, Integer> truths;
        private final Executable executable;

        Looking(List<Value> codes, List<CodeFile> files, Map<String, Integer> truths, Executable executable) {
            this.codes = codes;
            this.files = files;
            this.truths = truths;
            this.executable = executable;
        }

        @Override
        public Rows at(Batch batch) {
            Map<Value, Tensor> results = executable.run(Map.of(model.input(), batch.images()));
            batch.refuseNaN(results.values());
            for (int layer = 0; layer < files.size(); layer++) {
                float[] values = results.get(codes.get(layer)).toFloats();
                for (Batch.Item item : batch.items()) {
                    put(layers.get(layer), files.get(layer), item, values);
                }
            }
            Tensor logits = results.get(model.logits());
            return new Rows(batch.items().stream()
                    .map(item -> row(item, logits.rows(item.row(), item.row() + 1)))
                    .toList());
        }

        private void put(ChannelLayer layer, CodeFile file, Batch.Item item, float[] values) {
            if (pooling != Pooling.POSITIONS) {
                file.put(item.index(), values, item.row() * file.columns());
                return;
            }
            int[] places = positions.of(layer).of(item.index());
            for (int rank = 0; rank < places.length; rank++) {
                file.put(
                        item.index() * places.length + rank,
                        values,
                        (item.row() * layer.places() + places[rank]) * file.columns());
            }
        }

        private CodeTable.Row row(Batch.Item item, Tensor logits) {
            String className = pictures.className(item.index());
            if (model.head().kind() != HeadKind.CLASSES) {
                return new CodeTable.Row(item.index(), item.name(), className, "", Optional.empty(), Optional.empty());
            }
            double[] probabilities = Probabilities.of(logits, model);
            int best = 0;
            for (int index = 1; index < probabilities.length; index++) {
                best = probabilities[index] > probabilities[best] ? index : best;
            }
            Optional<Double> loss = Optional.ofNullable(truths.get(className))
                    .map(truth -> -Math.log(Math.max(probabilities[truth], Double.MIN_NORMAL)));
            return new CodeTable.Row(
                    item.index(), item.name(), className, model.display(best), Optional.of(probabilities[best]), loss);
        }

        @Override
        public void close() {
            executable.close();
            files.forEach(CodeFile::close);
        }
    }

    @Override
    public Rows merge(Rows left, Rows right) {
        List<CodeTable.Row> both = new ArrayList<>(left.of());
        both.addAll(right.of());
        return new Rows(both);
    }

    @Override
    public CodeTable finish(Rows all, Seen seen) {
        return new CodeTable(files(), all.of());
    }
}
