package dev.vitrine.lens.training;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.FixDimension;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.runtime.TypeInference;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelAtSize;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.label.Labels;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.training.data.SoftLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A teacher for distillation. Its classes are matched by name, in any order; classes not trained are omitted, so that
 * its probabilities are over the trained ones.
 */
final class TeacherNetwork implements SoftLabels, AutoCloseable {
    private final Model model;
    private final List<Integer> classes;
    private final Executable executable;

    /**
     * @param labels of the classes to train; a class is also matched by its id, the name of its folder
     * @param batch pictures per run
     */
    TeacherNetwork(Recipe.Teacher recipe, Labels labels, int batch, Runner runner) {
        Model loaded = new ModelLoader(runner).load(recipe.file());
        if (loaded.batch().isFixed() && loaded.batch().size() != batch) {
            throw VitrineException.failure("Teacher '" + recipe.file() + "' takes " + loaded.batch()
                    + " pictures at a time; expected an open batch. Export it with a dynamic first dimension.");
        }
        this.model = recipe.size().isPresent()
                ? ModelAtSize.of(loaded, recipe.size().getAsInt(), recipe.size().getAsInt(), List.of())
                : loaded;
        this.classes = matched(recipe, labels, model);
        Graph graph = new Cut(List.of(model.logits())).apply(model.graph());
        TensorType input = graph.types().get(model.input());
        this.executable =
                runner.loadForOneThread(TypeInference.infer(new FixDimension(input.dimension(0), batch).apply(graph)));
    }

    private static List<Integer> matched(Recipe.Teacher recipe, Labels labels, Model model) {
        Labels known = model.labels();
        if (known.names().isEmpty()) {
            throw VitrineException.usage("Teacher '" + recipe.file() + "' has no class names; expected those of the "
                    + labels.names().size() + " classes to learn. Name its labels in a card beside it.");
        }
        List<Integer> classes = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < labels.names().size(); i++) {
            int found = index(known, labels.names().get(i));
            if (found < 0 && !labels.ids().isEmpty()) {
                found = index(known, labels.ids().get(i));
            }
            if (found < 0 || found >= model.classes()) {
                missing.add("'" + labels.names().get(i) + "'");
            } else if (classes.contains(found)) {
                throw VitrineException.usage(
                        "Teacher '" + recipe.file() + "': two classes of the recipe have the name of" + " its class '"
                                + known.names().get(found) + "'; expected one.");
            }
            classes.add(found);
        }
        if (!missing.isEmpty()) {
            throw VitrineException.usage("Teacher '" + recipe.file() + "' does not know " + missing.size() + " of the "
                    + labels.names().size() + " classes to learn: "
                    + String.join(", ", missing.subList(0, Math.min(8, missing.size())))
                    + (missing.size() > 8 ? ", …" : "")
                    + ". Expected a class of the same name, or named as the folder is,"
                    + " for each. Rename them in its card's labels or in the recipe's 'data.labels', or leave these classes"
                    + " out of 'data.classes'.");
        }
        return List.copyOf(classes);
    }

    private static int index(Labels labels, String name) {
        int exact = Math.max(labels.names().indexOf(name), labels.ids().indexOf(name));
        for (int i = 0; exact < 0 && i < labels.names().size(); i++) {
            if (labels.names().get(i).equalsIgnoreCase(name)) {
                exact = i;
            }
        }
        return exact;
    }

    /** Identifies everything its outputs depend on. */
    String source() {
        return model.sha256() + " " + model.preprocessing();
    }

    @Override
    public Preprocessing preprocessing() {
        return model.preprocessing();
    }

    @Override
    public Tensor logits(Tensor images) {
        float[] all = executable
                .run(Map.of(model.input(), images))
                .get(model.logits())
                .toFloats();
        int known = Math.toIntExact(model.classes());
        int batch = all.length / known;
        float[] chosen = new float[batch * classes.size()];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = all[i / classes.size() * known + classes.get(i % classes.size())];
        }
        return Tensor.floats(chosen, batch, classes.size());
    }

    @Override
    public void close() {
        executable.close();
    }
}
