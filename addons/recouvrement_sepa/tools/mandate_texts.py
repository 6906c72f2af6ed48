"""What a mandate form says, in the languages of the customer pages.

The authorisations are legal wording, the same on every form of a scheme: they are no
strings for a translation catalogue. CORE: texts of the European Payments Council as
banks print them (French one: Banque de France); B2B: same authorisation with the
warning of the scheme (French one: form of the DGFiP).
"""

DEFAULT = "en"
TEXTS = {
    "fr": {
        "title_CORE": "Mandat de prélèvement SEPA",
        "title_B2B": "Mandat de prélèvement SEPA interentreprises",
        "example": "EXEMPLE",
        "test": "ESSAI – non envoyé au client",
        "rum": "Référence unique du mandat (RUM)",
        "later": "communiquée avec ce mandat",
        "authorise": "En signant ce formulaire de mandat, vous autorisez (A) "
        "{creditor} à envoyer des instructions à votre banque pour débiter votre "
        "compte, et (B) votre banque à débiter votre compte conformément aux "
        "instructions de {creditor}.",
        "rights_CORE": "Vous bénéficiez du droit d’être remboursé par votre banque "
        "selon les conditions décrites dans la convention que vous avez passée avec "
        "elle. Une demande de remboursement doit être présentée dans les 8 semaines "
        "suivant la date de débit de votre compte pour un prélèvement autorisé.",
        "rights_B2B": "Ce mandat est dédié aux prélèvements SEPA interentreprises. "
        "Vous n’êtes pas en droit de demander à votre banque le remboursement d’un "
        "prélèvement SEPA interentreprises une fois que le montant est débité de votre "
        "compte. Vous pouvez cependant demander à votre banque de ne pas débiter votre "
        "compte jusqu’au jour de l’échéance.",
        "bank_B2B": "Vous devez compléter et signer ce mandat puis le transmettre à "
        "votre établissement bancaire. Assurez-vous que votre établissement bancaire a "
        "enregistré la RUM ci-dessous avant tout premier paiement sur le compte "
        "désigné.",
        "party": "Nom et adresse",
        "debtor": "Débiteur",
        "creditor": "Créancier",
        "ics": "Identifiant créancier SEPA (ICS)",
        "holder": "Titulaire du compte",
        "iban": "Compte à débiter (IBAN)",
        "bic": "BIC (facultatif)",
        "kind": "Type de paiement",
        "recurrent": "Paiement récurrent",
        "oneoff": "Paiement ponctuel",
        "prenotification": "Vous êtes informé du montant et de la date de chaque "
        "prélèvement au moins {days} jours avant la date d’échéance.",
        "place": "Fait à",
        "day": "Le",
        "signature": "Signature",
        "name": "Nom et qualité du signataire",
        "signed": "Signé en ligne par",
        "ip": "Adresse IP :",
        "hash": "SHA-256 du document signé :",
        "return": "À retourner signé à :",
        "note": "Vos droits concernant ce mandat sont expliqués dans un document que "
        "vous pouvez obtenir auprès de votre banque.",
        "privacy": "Données personnelles – {creditor} est responsable du traitement "
        "des données de ce mandat. Elles servent à exécuter les prélèvements que vous "
        "autorisez et à en conserver la preuve ; elles sont transmises à nos banques "
        "et à la vôtre. Elles sont conservées pendant la durée du mandat, puis pendant "
        "la durée légale de conservation des pièces comptables. Vous disposez d’un "
        "droit d’accès, de rectification, d’effacement, de limitation et "
        "d’opposition, à exercer auprès de {contact}, et pouvez saisir l’autorité de "
        "contrôle (en France, la CNIL).",
    },
    "en": {
        "title_CORE": "SEPA Direct Debit Mandate",
        "title_B2B": "SEPA Business-to-Business Direct Debit Mandate",
        "example": "SPECIMEN",
        "test": "TEST – not sent to the customer",
        "rum": "Mandate reference",
        "later": "communicated with this mandate",
        "authorise": "By signing this mandate form, you authorise (A) {creditor} to "
        "send instructions to your bank to debit your account and (B) your bank to "
        "debit your account in accordance with the instructions from {creditor}.",
        "rights_CORE": "As part of your rights, you are entitled to a refund from your "
        "bank under the terms and conditions of your agreement with your bank. A "
        "refund must be claimed within 8 weeks starting from the date on which your "
        "account was debited.",
        "rights_B2B": "This mandate is only intended for business-to-business "
        "transactions. You are not entitled to a refund from your bank after your "
        "account has been debited, but you are entitled to request your bank not to "
        "debit your account up until the day on which the payment is due.",
        "bank_B2B": "Please complete and sign this mandate, then pass it on to your "
        "bank. Make sure that your bank has registered the mandate reference below "
        "before the first payment from the account.",
        "party": "Name and address",
        "debtor": "Debtor",
        "creditor": "Creditor",
        "ics": "Creditor identifier",
        "holder": "Account holder",
        "iban": "Account to debit (IBAN)",
        "bic": "BIC (optional)",
        "kind": "Type of payment",
        "recurrent": "Recurrent payment",
        "oneoff": "One-off payment",
        "prenotification": "You are told the amount and the date of each direct debit "
        "at least {days} days before it is due.",
        "place": "Place",
        "day": "Date",
        "signature": "Signature",
        "name": "Name and capacity of the signatory",
        "signed": "Signed online by",
        "ip": "IP address:",
        "hash": "SHA-256 of the document signed:",
        "return": "Please return the signed form to:",
        "note": "Your rights regarding this mandate are explained in a statement that "
        "you can obtain from your bank.",
        "privacy": "Personal data – {creditor} is the controller of the data of this "
        "mandate. They serve to carry out the direct debits that you authorise and to "
        "keep proof of them; they are passed on to our banks and to yours. They are "
        "kept as long as the mandate lasts, then as long as the law requires "
        "accounting documents to be kept. You have the right of access, "
        "rectification, erasure, restriction and objection, to be exercised with "
        "{contact}, and may lodge a complaint with the supervisory authority.",
    },
    "nl": {
        "title_CORE": "SEPA-mandaat voor Europese domiciliëring",
        "title_B2B": "SEPA-mandaat voor Europese domiciliëring tussen ondernemingen "
        "(B2B)",
        "example": "VOORBEELD",
        "test": "TEST – niet naar de klant verzonden",
        "rum": "Mandaatreferte",
        "later": "meegedeeld met dit mandaat",
        "authorise": "Door dit mandaatformulier te ondertekenen, geeft u toestemming "
        "aan (A) {creditor} om opdrachten te sturen naar uw bank om een bedrag van uw "
        "rekening te debiteren, en aan (B) uw bank om een bedrag van uw rekening te "
        "debiteren overeenkomstig de opdrachten van {creditor}.",
        "rights_CORE": "U hebt recht op terugbetaling door uw bank volgens de "
        "voorwaarden van uw overeenkomst met de bank. Een verzoek tot terugbetaling "
        "moet worden ingediend binnen 8 weken na de datum waarop het bedrag van uw "
        "rekening is gedebiteerd.",
        "rights_B2B": "Dit mandaat is enkel bestemd voor verrichtingen tussen "
        "ondernemingen. U hebt geen recht op terugbetaling door uw bank nadat uw "
        "rekening is gedebiteerd, maar u mag uw bank tot op de vervaldag vragen om uw "
        "rekening niet te debiteren.",
        "bank_B2B": "Vul dit mandaat in, onderteken het en bezorg het aan uw bank. "
        "Vergewis u ervan dat uw bank de onderstaande mandaatreferte heeft "
        "geregistreerd vóór de eerste betaling van de opgegeven rekening.",
        "party": "Naam en adres",
        "debtor": "Debiteur",
        "creditor": "Schuldeiser",
        "ics": "Identificatienummer schuldeiser",
        "holder": "Rekeninghouder",
        "iban": "Te debiteren rekening (IBAN)",
        "bic": "BIC (facultatief)",
        "kind": "Type betaling",
        "recurrent": "Terugkerende betaling",
        "oneoff": "Eenmalige betaling",
        "prenotification": "U wordt minstens {days} dagen vóór de vervaldag op de "
        "hoogte gebracht van het bedrag en de datum van elke domiciliëring.",
        "place": "Plaats",
        "day": "Datum",
        "signature": "Handtekening",
        "name": "Naam en hoedanigheid van de ondertekenaar",
        "signed": "Online ondertekend door",
        "ip": "IP-adres:",
        "hash": "SHA-256 van het ondertekende document:",
        "return": "Ondertekend terug te sturen naar:",
        "note": "Uw rechten in verband met dit mandaat worden toegelicht in een "
        "document dat u bij uw bank kunt verkrijgen.",
        "privacy": "Persoonsgegevens – {creditor} is verantwoordelijk voor de "
        "verwerking van de gegevens van dit mandaat. Ze dienen om de door u "
        "toegestane domiciliëringen uit te voeren en het bewijs ervan te bewaren; ze "
        "worden doorgegeven aan onze banken en aan de uwe. Ze worden bewaard zolang "
        "het mandaat loopt, en daarna zolang de wet de bewaring van boekhoudstukken "
        "voorschrijft. U hebt recht op inzage, rechtzetting, wissing, beperking en "
        "bezwaar bij {contact} en kunt een klacht indienen bij de toezichthoudende "
        "autoriteit.",
    },
    "de": {
        "title_CORE": "SEPA-Lastschriftmandat",
        "title_B2B": "SEPA-Firmenlastschrift-Mandat",
        "example": "MUSTER",
        "test": "TEST – nicht an den Kunden gesendet",
        "rum": "Mandatsreferenz",
        "later": "wird mit diesem Mandat mitgeteilt",
        "authorise": "Ich ermächtige (Wir ermächtigen) (A) {creditor}, Zahlungen von "
        "meinem (unserem) Konto mittels Lastschrift einzuziehen. Zugleich (B) weise "
        "ich mein (weisen wir unser) Kreditinstitut an, die von {creditor} auf mein "
        "(unser) Konto gezogenen Lastschriften einzulösen.",
        "rights_CORE": "Hinweis: Ich kann (Wir können) innerhalb von acht Wochen, "
        "beginnend mit dem Belastungsdatum, die Erstattung des belasteten Betrages "
        "verlangen. Es gelten dabei die mit meinem (unserem) Kreditinstitut "
        "vereinbarten Bedingungen.",
        "rights_B2B": "Hinweis: Dieses Mandat dient nur dem Einzug von Lastschriften, "
        "die auf Konten von Unternehmen gezogen sind. Ich bin (Wir sind) nicht "
        "berechtigt, nach der erfolgten Einlösung eine Erstattung des belasteten "
        "Betrages zu verlangen. Ich bin (Wir sind) berechtigt, mein (unser) "
        "Kreditinstitut bis zum Fälligkeitstag anzuweisen, Lastschriften nicht "
        "einzulösen.",
        "bank_B2B": "Bitte füllen Sie dieses Mandat aus, unterschreiben Sie es und "
        "leiten Sie es an Ihr Kreditinstitut weiter. Vergewissern Sie sich, dass Ihr "
        "Kreditinstitut die unten stehende Mandatsreferenz vor der ersten Zahlung von "
        "dem angegebenen Konto erfasst hat.",
        "party": "Name und Anschrift",
        "debtor": "Zahlungspflichtiger",
        "creditor": "Zahlungsempfänger",
        "ics": "Gläubiger-Identifikationsnummer",
        "holder": "Kontoinhaber",
        "iban": "Zu belastendes Konto (IBAN)",
        "bic": "BIC (optional)",
        "kind": "Zahlungsart",
        "recurrent": "Wiederkehrende Zahlung",
        "oneoff": "Einmalige Zahlung",
        "prenotification": "Betrag und Datum jeder Lastschrift werden Ihnen mindestens "
        "{days} Tage vor der Fälligkeit mitgeteilt.",
        "place": "Ort",
        "day": "Datum",
        "signature": "Unterschrift",
        "name": "Name und Funktion des Unterzeichners",
        "signed": "Online unterzeichnet von",
        "ip": "IP-Adresse:",
        "hash": "SHA-256 des unterzeichneten Dokuments:",
        "return": "Bitte unterschrieben zurücksenden an:",
        "note": "Ihre Rechte zu diesem Mandat sind in einem Merkblatt erläutert, das "
        "Sie bei Ihrem Kreditinstitut erhalten.",
        "privacy": "Personenbezogene Daten – {creditor} ist für die Verarbeitung der "
        "Daten dieses Mandats verantwortlich. Sie dienen dazu, die von Ihnen "
        "erlaubten Lastschriften auszuführen und deren Nachweis aufzubewahren; sie "
        "werden an unsere Banken und an Ihre Bank übermittelt. Sie werden für die "
        "Dauer des Mandats und danach so lange aufbewahrt, wie das Gesetz die "
        "Aufbewahrung von Buchungsbelegen vorschreibt. Sie haben das Recht auf "
        "Auskunft, Berichtigung, Löschung, Einschränkung und Widerspruch gegenüber "
        "{contact} und können sich bei der Aufsichtsbehörde beschweren.",
    },
}


def get_texts(lang, **values):
    """Texts of a form, their places filled.

    :param str lang: ``fr_FR``, ``nl``…; English for any other language.
    :param values: ``creditor``, ``contact``, ``days``.
    """
    texts = TEXTS.get((lang or "").split("_")[0], TEXTS[DEFAULT])
    return {key: text.format(**values) for key, text in texts.items()}
