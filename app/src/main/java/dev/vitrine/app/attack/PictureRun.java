package dev.vitrine.app.attack;

import dev.vitrine.app.folder.OpenSource;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.model.ModelFacts;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.attack.Attack;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.study.attack.Goal;
import dev.vitrine.study.attack.picture.PictureAttack;
import dev.vitrine.study.attack.picture.PictureAttackReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** The attack on single pictures. */
record PictureRun(Terminal terminal, Stop stop, List<Path> images, Path out) {
    /**
     * @param goal on the open model
     */
    int of(Attack attack, Function<OpenModel, Goal> goal, Supplier<OpenModel> opened) {
        try (PicturePaths pictures = OpenSource.of(images, terminal);
                OpenModel open = opened.get();
                Claim claim = OutputFolder.take(out, terminal)) {
            PictureAttack study = new PictureAttack(open.model(), pictures, attack, goal.apply(open));
            PictureAttackReport report = new PictureAttackReport(study, ModelFacts.of(open.model(), Map.of()));
            return new StudyRun(terminal, stop, out)
                    .of(
                            open.session(),
                            study,
                            report,
                            found -> report.overview(found)
                                    .forEach(line -> terminal.out().println("  " + line)));
        }
    }
}
