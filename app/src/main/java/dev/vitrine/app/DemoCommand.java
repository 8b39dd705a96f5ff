package dev.vitrine.app;

import dev.vitrine.app.folder.OutOption;
import dev.vitrine.app.folder.OutputFolder;
import dev.vitrine.app.method.MethodsOption;
import dev.vitrine.app.model.OpenModel;
import dev.vitrine.app.study.StudyRun;
import dev.vitrine.app.terminal.Stop;
import dev.vitrine.app.terminal.Terminal;
import dev.vitrine.app.terminal.Version;
import dev.vitrine.engine.file.Claim;
import dev.vitrine.lens.attribution.Quadrature;
import dev.vitrine.lens.data.PicturePaths;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.objective.Targets;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.SettingValues;
import dev.vitrine.study.Report;
import dev.vitrine.study.explanation.DrawingPlan;
import dev.vitrine.study.explanation.ExplanationStudy;
import dev.vitrine.study.explanation.Explanations;
import dev.vitrine.study.mistake.Mistake;
import dev.vitrine.study.page.ExplanationPage.Bar;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code vitrine demo}: explains the bundled photos and digits with the bundled networks. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Explains the photos and digits that come with the program.",
        description = {
            "%nNeeds no input: the networks zf-caltech (32 object classes) and mnist-cnn (digits) and the pictures"
                    + " come with"
                    + " the program. Writes the pictures and two pages that explain them.%n",
            "  vitrine demo",
            "  vitrine demo --out tour%n"
        })
final class DemoCommand implements Callable<Integer> {
    @Mixin
    private OutOption out = new OutOption("demo");

    private final Terminal terminal;
    private final Stop stop;

    DemoCommand(Terminal terminal, Stop stop) {
        this.terminal = terminal;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        try (Claim claim = OutputFolder.take(out.folder(), terminal)) {
            for (DemoPart part : DemoPart.ALL) {
                int status = explain(part);
                if (status != 0) {
                    return status;
                }
            }
        }
        terminal.out().println();
        terminal.out()
                .println("zf-caltech classifies 32 kinds of objects, mnist-cnn digits; both make mistakes. Open in a"
                        + " browser:");
        DemoPart.ALL.forEach(part -> terminal.out().println("  " + part.page(out.folder())));
        terminal.out().println("Then try: vitrine explain YOUR-PHOTO.jpg, or vitrine --help");
        return 0;
    }

    private int explain(DemoPart part) {
        Path explained = part.explained(out.folder());
        try (PicturePaths pictures = PicturePaths.open(part.write(out.folder()));
                OpenModel open = OpenModel.embedded(part.network(), stop);
                Claim claim = OutputFolder.take(explained, terminal)) {
            ExplanationStudy study = new ExplanationStudy(
                    open.model(),
                    pictures,
                    ClassScore.of(ClassScore.Scale.LOGIT),
                    new Targets(1, List.of()),
                    new MethodsOption(MethodsOption.USUAL)
                            .with(SettingValues.NONE.with("quadrature", Quadrature.ADAPTIVE)),
                    DrawingPlan.plain(explained, Version.maker()));
            Report<Explanations> drawnAlready = (outcome, folder) -> List.of();
            return new StudyRun(terminal, stop, explained).of(open.session(), study, drawnAlready, said -> {
                tell(said);
                part.mistaken().ifPresent(wrong -> tell(wrong, open.session(), pictures));
            });
        }
    }

    private void tell(Explanations said) {
        for (Explanations.Subject picture : said.pictures()) {
            Bar likeliest = picture.top().get(0);
            terminal.out()
                    .println(String.format(
                            Locale.ROOT, "%-17s  %7s  %s", picture.name(), likeliest.words(), likeliest.label()));
        }
    }

    /** What misled the network. */
    private void tell(DemoPart.Mistaken wrong, ModelSession session, PicturePaths pictures) {
        Mistake.of(
                        session,
                        Attributions.find("grad-cam").standard(),
                        pictures.read(wrong.index()),
                        session.model().labels().find(wrong.className()))
                .ifPresent(mistake -> terminal.out().println(pictures.name(wrong.index()) + ": " + mistake.sentence()));
    }
}
