package dev.vitrine.study.calibration;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.HeadKind;
import dev.vitrine.lens.model.head.Link;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.picture.KnownPictures;
import java.util.List;

/**
 * Calibration of a network on labeled pictures, and the temperature that mends it. Guo et al. 2017, arXiv:1706.04599.
 */
public record CalibrationSurvey(Model model, KnownPictures known) implements Survey<Confidences, Calibration> {
    private static final int FORMAT = 1;

    public CalibrationSurvey {
        if (model.head().kind() != HeadKind.CLASSES || model.head().link() != Link.SOFTMAX) {
            throw VitrineException.usage("Output '" + model.head().output() + "' of '" + model.name() + "' is "
                    + model.head().words() + "; expected exclusive classes with a softmax, whose logits a temperature"
                    + " divides.");
        }
    }

    @Override
    public String id() {
        return "calibration";
    }

    @Override
    public PictureList pictures() {
        return known.pictures().list();
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(model)
                .with(pictures())
                .with("classes", known.folders().known().toString());
    }

    @Override
    public Class<Confidences> part() {
        return Confidences.class;
    }

    @Override
    public Look<Confidences> open(ModelSession session, int batch) {
        return pictures -> confidences(pictures, session);
    }

    private Confidences confidences(Batch batch, ModelSession session) {
        Tensor logits = session.logits(batch.images());
        batch.refuseNaN(List.of(logits));
        Confidences confidences = Confidences.none();
        for (Batch.Item item : batch.items()) {
            confidences.add(
                    item.index(), logits.rows(item.row(), item.row() + 1L).toFloats(), known.target(item.index()));
        }
        return confidences;
    }

    @Override
    public Confidences merge(Confidences left, Confidences right) {
        return left.plus(right);
    }

    @Override
    public Calibration finish(Confidences all, Seen seen) {
        return all.calibration(model.name());
    }
}
