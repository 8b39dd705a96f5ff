package dev.vitrine.study.robustness.sheet;

import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.Picture;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import dev.vitrine.study.robustness.RobustnessPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a network says of single pictures under each corruption and severity. */
public record CorruptedPictures(Model model, PictureList pictures, RobustnessPlan plan)
        implements Survey<CorruptedAnswers, CorruptedAnswers> {
    private static final int FORMAT = 1;
    private static final int TOGETHER = 16;

    @Override
    public String id() {
        return "corrupt";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT).with(model).with(pictures).with("plan", plan);
    }

    @Override
    public Class<CorruptedAnswers> part() {
        return CorruptedAnswers.class;
    }

    @Override
    public int batch(ModelSession session) {
        return 1;
    }

    @Override
    public Batch.Need need() {
        return Batch.Need.VIEW;
    }

    @Override
    public Look<CorruptedAnswers> open(ModelSession session, int batch) {
        return new Look<>() {
            @Override
            public CorruptedAnswers at(Batch seen) {
                return at(seen, Progress.NONE);
            }

            @Override
            public CorruptedAnswers at(Batch seen, Progress within) {
                seen.refuseBands();
                return new CorruptedAnswers(seen.items().stream()
                        .map(item -> answered(item, session, within))
                        .toList());
            }
        };
    }

    private CorruptedAnswers.Of answered(Batch.Item item, ModelSession session, Progress within) {
        Picture view = item.view().orElseThrow();
        List<CorruptedAnswers.Answered> answers = new ArrayList<>();
        int versions = plan.versions();
        for (int first = 0; first < versions; first += TOGETHER) {
            List<Picture> corrupted = IntStream.range(first, Math.min(versions, first + TOGETHER))
                    .parallel()
                    .mapToObj(version -> plan.version(view, version))
                    .toList();
            Tensor logits = session.logits(model.preprocessing().applyToViews(corrupted));
            for (int row = 0; row < corrupted.size(); row++) {
                Tensor scores = logits.rows(row, row + 1);
                int best = Targets.ranking(scores, model).get(0);
                answers.add(new CorruptedAnswers.Answered(best, Targets.shown(scores, model)[best]));
            }
            within.report(answers.size(), versions);
        }
        return new CorruptedAnswers.Of(item.index(), item.name(), answers);
    }

    @Override
    public CorruptedAnswers merge(CorruptedAnswers left, CorruptedAnswers right) {
        return new CorruptedAnswers(Stream.concat(left.pictures().stream(), right.pictures().stream())
                .toList());
    }

    @Override
    public CorruptedAnswers finish(CorruptedAnswers all, Seen seen) {
        return all;
    }
}
