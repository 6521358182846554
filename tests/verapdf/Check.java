import java.io.File;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;

/** Prints a line for each PDF: its path, how many checks of PDF/UA-1 were made, and each rule that failed. */
class Check {
    public static void main(String[] paths) throws Exception {
        Logger.getLogger("").setLevel(Level.SEVERE);
        VeraGreenfieldFoundryProvider.initialise();
        var foundry = Foundries.defaultInstance();
        for (String path : paths) {
            try (var parser = foundry.createParser(new File(path), PDFAFlavour.PDFUA_1);
                    var validator = foundry.createValidator(PDFAFlavour.PDFUA_1, false)) {
                var result = validator.validate(parser);
                var failed = new TreeSet<String>();
                for (TestAssertion one : result.getTestAssertions()) {
                    if (one.getStatus() == TestAssertion.Status.FAILED) {
                        var rule = one.getRuleId();
                        failed.add(rule.getClause() + "-" + rule.getTestNumber() + " " + one.getMessage());
                    }
                }
                if (!result.isCompliant() && failed.isEmpty()) failed.add("not compliant");
                System.out.println(path + "\t" + result.getTotalAssertions() + "\t" + String.join("; ", failed));
            }
        }
    }
}
