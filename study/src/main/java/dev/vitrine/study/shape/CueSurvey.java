package dev.vitrine.study.shape;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.Probabilities;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.answer.Answer;
import dev.vitrine.study.answer.CueName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The class that a network names for each cue-conflict picture.
 *
 * @param subject what the network is called among others
 */
public record CueSurvey(Model model, String subject, PictureList pictures, ClassMap map)
        implements Survey<CueAnswers, CueAnswers> {
    private static final int FORMAT = 1;

    public CueSurvey {
        map.require(words(pictures));
    }

    /**
     * The classes in the names of pictures, sorted.
     *
     * @throws VitrineException of kind FAILURE if a picture is not named after two classes, or two are named alike
     */
    public static Set<String> words(PictureList pictures) {
        Set<String> words = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < pictures.size(); index++) {
            CueName name = CueName.of(pictures.name(index));
            if (!seen.add(file(pictures.name(index)))) {
                throw VitrineException.failure("Found two pictures named '" + file(pictures.name(index))
                        + "', in different folders; expected different names, by which answers are compared.");
            }
            words.add(name.shape());
            words.add(name.texture());
        }
        return words;
    }

    private static String file(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    @Override
    public String id() {
        return "shape-bias-network";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures)
                .with("subject", subject)
                .with("map", map);
    }

    @Override
    public Class<CueAnswers> part() {
        return CueAnswers.class;
    }

    @Override
    public Look<CueAnswers> open(ModelSession session, int batch) {
        return pictures -> answers(pictures, session);
    }

    private CueAnswers answers(Batch batch, ModelSession session) {
        Tensor logits = session.logits(batch.images());
        batch.refuseNaN(List.of(logits));
        return new CueAnswers(batch.items().stream()
                .map(item -> {
                    double[] shares = Probabilities.of(logits.rows(item.row(), item.row() + 1), model);
                    return new Answer(
                            subject, file(item.name()), CueName.of(item.name()).shape(), map.answer(shares));
                })
                .toList());
    }

    @Override
    public CueAnswers merge(CueAnswers left, CueAnswers right) {
        return new CueAnswers(
                Stream.concat(left.answers().stream(), right.answers().stream()).toList());
    }

    @Override
    public CueAnswers finish(CueAnswers all, Seen seen) {
        return all;
    }

    /** Names of networks, each different: a name that occurs again gets a number. */
    public static List<String> subjects(List<Model> models) {
        List<String> names = models.stream().map(Model::name).toList();
        return IntStream.range(0, names.size())
                .mapToObj(index -> {
                    long before = names.subList(0, index).stream()
                            .filter(names.get(index)::equals)
                            .count();
                    return before == 0 ? names.get(index) : names.get(index) + " (" + (before + 1) + ")";
                })
                .toList();
    }
}
