"""Word lists of the standards: what may stay with a picture, what could identify."""

from typing import Final

_MODALITIES: Final = """
AR BDUS BI BMD CR CT DG DMS DX ECG EEG EMG EPS ES FID GM HC HD IO IVOCT IVUS KER LEN LS MG MR NM
OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PT PX REG RF RG RTDOSE RTIMAGE SC SEG SM SRF TG US VA
XA XC
"""
MODALITIES: Final = frozenset(_MODALITIES.split())
"""Defined terms of Modality (PS3.3 C.7.3.1.1.1) that pictures have."""

_BODY_PARTS: Final = """
ABDOMEN ABDOMENPELVIS ADRENAL ANKLE AORTA ARM AXILLA BACK BLADDER BRAIN BREAST BRONCHUS BUTTOCK
CALCANEUS CALF CAROTID CEREBELLUM CHEST CHESTABDOMEN CHESTABDPELVIS CLAVICLE COCCYX COLON CORNEA
CORONARYARTERY CSPINE CTSPINE DUODENUM EAR ELBOW ESOPHAGUS EXTREMITY EYE EYELID FACE FEMUR FINGER
FOOT FOREARM GALLBLADDER HAND HEAD HEADNECK HEART HIP HUMERUS IAC ILEUM JAW JEJUNUM KIDNEY KNEE
LARYNX LEG LIVER LSPINE LSSPINE LUNG MEDIASTINUM MOUTH NECK NECKCHEST NECKCHESTABDOMEN NOSE ORBIT
OVARY PANCREAS PAROTID PATELLA PELVIS PENIS PHARYNX PROSTATE RECTUM RIB SCALP SCAPULA SCLERA
SCROTUM SELLA SHOULDER SINUS SIJOINT SKULL SPINE SPLEEN SSPINE STERNUM STOMACH TESTIS THIGH THUMB
THYMUS THYROID TLSPINE TMJ TOE TONGUE TRACHEA TSPINE UTERUS VAGINA VULVA WHOLEBODY WRIST ZYGOMA
"""
BODY_PARTS: Final = frozenset(_BODY_PARTS.split())
"""Terms of Body Part Examined (PS3.16 annex L); anything else could be a name."""

_VALUES: Final = "AE AS DA DT LO LT PN SH ST TM UC UN UR UT"
IDENTIFYING_VALUES: Final = frozenset(_VALUES.split())
"""Value representations that hold names, texts, dates and times."""

_HARMLESS: Final = """
CodeValue CodingSchemeDesignator CodingSchemeVersion CodeMeaning LongCodeValue ConvolutionKernel
LUTExplanation WindowCenterWidthExplanation RescaleType ModalityLUTType SequenceName
ImplementationVersionName
"""
HARMLESS_ATTRIBUTES: Final = frozenset(_HARMLESS.split())
"""Text attributes that hold codes and physics."""

_IDENTIFYING: Final = """
PatientSex PatientSexNeutered PatientSize PatientWeight PatientBodyMassIndex MeasuredAPDimension
MeasuredLateralDimension PregnancyStatus SmokingStatus EncapsulatedDocument IconImageSequence MAC
Signature CertificateOfSigner EncryptedContent MakerNote DeviceSettingDescription LensSpecification
ModifyingDeviceID FlowIdentifier SourceIdentifier FrameOriginTimestamp SelectorOBValue
CertifiedTimestamp NonconformingDataElementValue ReasonForTheAttributeModification
InstanceOriginStatus DataSetTrailingPadding
"""
IDENTIFYING_ATTRIBUTES: Final = frozenset(_IDENTIFYING.split())
"""Attributes of other representations that PS3.15 E.1 removes or that show the patient."""

IDENTIFYING_PREFIX: Final = "GPS"
"""Keywords that tell where a photograph was taken start so."""

_SHADOWS: Final = "CR DX MG RF XA RG PX IO DR BMD"
PROJECTIONS: Final = frozenset(_SHADOWS.split())
"""Modalities whose pictures are shadows: what is near the tube is larger than it is."""

_WRITTEN_ON: Final = "US OT SC XC ES GM SM ECG RF XA MG CR DX DOC OPT OP"
OFTEN_WRITTEN_ON: Final = frozenset(_WRITTEN_ON.split())
"""Modalities whose pictures often carry names, dates or marks."""

_STRUCTURE: Final = """
254 256 257 258 259 262 266 273 274 277 278 279 282 283 284 296 305 317 318 319 320 322 323 324 325
338 339 347 529 530 531 532 65426 65432
"""
TIFF_STRUCTURE: Final = frozenset(int(code) for code in _STRUCTURE.split())
"""TIFF tags that say how pixels lie (TIFF 6.0, restart marks of NDPI), and the writing program."""
