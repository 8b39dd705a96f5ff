package dev.vitrine.study.synthesis;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Digest;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Pieces;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.page.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** A study that synthesizes pictures piece by piece; finished pieces are kept. */
public interface PictureStudy extends Study<MadePictures> {
    /** The network that the pictures are synthesized for. */
    Model model();

    /** Title of the page. */
    String title();

    /** The question that the pictures answer. */
    String answers();

    /** Everything besides the network that determines the pictures. */
    List<?> asked();

    /** The pieces of work, in order. */
    List<Piece> pieces();

    /**
     * A piece of work.
     *
     * @param name shown as its progress
     */
    record Piece(String name, Making making) {}

    /** Synthesizes the pictures. */
    @FunctionalInterface
    interface Making {
        List<MadePicture> make(ModelSession session, Progress progress);
    }

    @Override
    default Outcome<MadePictures> run(StudyContext context) {
        Watcher watcher = context.watcher();
        ModelSession session = context.session(model());
        List<Piece> all = pieces();
        Pieces<MadePictures> kept =
                context.parts().pieces(Question.of(id(), 1).with(model()).with("asked", asked()), MadePictures.class);
        List<MadePicture> made = new ArrayList<>();
        Optional<String> missing = Optional.empty();
        int done = 0;
        try {
            for (Piece piece : all) {
                watcher.check();
                watcher.begin(piece.name(), 1.0 / all.size());
                made.addAll(kept.done(
                                "piece-" + done,
                                () -> new MadePictures(piece.making().make(session, watcher)))
                        .pictures());
                done++;
            }
        } catch (CancellationException stopped) {
            if (made.isEmpty()) {
                throw stopped;
            }
            missing = Optional.of(done + " of " + all.size() + " pictures");
        } finally {
            watcher.end();
        }
        List<String> problems =
                made.stream().flatMap(picture -> picture.problem().stream()).toList();
        problems.forEach(watcher::leftOut);
        return new Outcome<>(new MadePictures(made), problems, missing);
    }

    /** The prediction for a picture, fitted to the network's input. */
    static String said(ModelSession session, Picture picture) {
        Model model = session.model();
        Tensor logits = session.logits(model.preprocessing().apply(picture));
        int best = Targets.ranking(logits, model).get(0);
        return model.display(best) + ", " + new Answer(model, logits).words(best);
    }

    /** A digest of the picture's content. */
    static String content(Picture picture) {
        return picture.width() + "x" + picture.height() + " " + Digest.of(picture.sharedRgb());
    }
}
